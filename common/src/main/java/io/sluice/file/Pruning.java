package io.sluice.file;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.codec.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Which files are too old to be kept. Their end is an entry of the log, and the checkpoint says
 * where the log begins from then on, so that it is not taken for tampering. Nothing that the folder
 * says is believed: how old a file is says what was signed when it was begun, and a file that is
 * not as it was written stays, for somebody to look at.
 *
 * @param old the files to delete
 * @param kept where the log begins then; none if it begins where it did
 * @param broken the first entry of an old file that is not as it was written
 */
record Pruning(List<LogFiles.LogFile> old, Optional<Beginning> kept, Optional<Long> broken) {
  static final Pruning NONE = new Pruning(List.of(), Optional.empty(), Optional.empty());

  /** At most so many go at a time: they are read first, and nobody can write meanwhile. */
  private static final int FILES_MAX = 2;

  /**
   * @param begun where files begin, as it was signed
   * @param before files whose entries are all older than this are not kept
   */
  static Pruning plan(LogFiles files, Checkpoint checkpoint, List<Beginning> begun, Instant before)
      throws IOException {
    List<LogFiles.LogFile> all = files.all();
    int gone = alreadyGone(all, checkpoint);
    int count = gone;
    Optional<Beginning> kept = Optional.empty();
    for (int at = gone + 1; at < all.size() && count < gone + FILES_MAX; at++) {
      // All entries of a file are older than the beginning of the next.
      long first = all.get(at).first();
      Optional<Beginning> next =
          begun.stream().filter(it -> it.first() == first && it.at().isBefore(before)).findAny();
      if (next.isPresent()) {
        count = at;
        kept = next;
      }
    }
    Optional<Long> broken =
        kept.isPresent()
            ? broken(all.subList(gone, count), checkpoint, kept.get())
            : Optional.empty();
    return broken.isPresent()
        ? new Pruning(all.subList(0, gone), Optional.empty(), broken)
        : new Pruning(all.subList(0, count), kept, Optional.empty());
  }

  /** Files that a killed process had taken out of the log and not deleted yet. */
  private static int alreadyGone(List<LogFiles.LogFile> all, Checkpoint checkpoint) {
    return (int)
        LongStream.range(1, all.size())
            .takeWhile(at -> all.get((int) at).first() <= checkpoint.first())
            .count();
  }

  private static Optional<Long> broken(
      List<LogFiles.LogFile> old, Checkpoint checkpoint, Beginning kept) throws IOException {
    MessageDigest sha = Sha256.digest();
    long seq = checkpoint.first();
    String prev = checkpoint.firstPrev();
    for (LogFiles.LogFile file : old) {
      try (LinesForwards lines = LinesForwards.open(file.path())) {
        while (lines.next()) {
          Optional<Link> link = Link.read(lines.bytes(), lines.from(), lines.to(), sha);
          if (link.isEmpty() || !link.get().follows(seq, prev)) {
            return Optional.of(seq);
          }
          seq++;
          prev = link.get().hash();
        }
      }
    }
    return seq == kept.first() && prev.equals(kept.prev()) ? Optional.empty() : Optional.of(seq);
  }

  /** What the log is to say of it. */
  Optional<AuditEvent> event(Instant now) {
    if (broken.isPresent()) {
      return Optional.of(
          AuditEvent.of(now, Action.AUDIT_REPAIR, Outcome.FAILED)
              .detail(
                  "cause", "entry " + broken.get() + " is not as it was written: old files stay"));
    }
    return kept.map(
        it ->
            AuditEvent.of(now, Action.AUDIT_PRUNE, Outcome.SUCCESS)
                .target(old.getLast().name())
                .detail("files", String.valueOf(old.size()))
                .detail("kept_from", String.valueOf(it.first())));
  }

  void delete(LogFiles files) throws IOException {
    for (LogFiles.LogFile file : old) {
      Files.deleteIfExists(file.path());
    }
    if (!old.isEmpty()) {
      files.sync();
    }
  }
}
