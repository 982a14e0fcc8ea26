package io.sluice.file;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What a writer does when it comes to a log that is not as the checkpoint says: it goes on, since a
 * trail that stops would please whoever did it, and writes down what it found.
 */
final class Repair {
  /** How far back the entry of the checkpoint is looked for: a crash leaves one batch behind it. */
  private static final int LINES_MAX = 10_000;

  private Repair() {}

  /** Where the next entry goes. */
  static Tail compare(
      Tail tail,
      Optional<Checkpoint> signed,
      boolean there,
      LogFiles files,
      InstantSource clock,
      List<AuditEvent> batch)
      throws IOException {
    if (signed.isEmpty()) {
      if (there || tail.seq() > 0) {
        batch.add(
            finding(clock, "the checkpoint was " + (there ? "not signed by the key" : "missing")));
      }
      return tail;
    }
    Checkpoint checkpoint = signed.get();
    if (tail.seq() < checkpoint.seq()) {
      batch.add(
          finding(clock, "the log ended before the checkpoint")
              .detail("ended", String.valueOf(tail.seq()))
              .detail("checkpoint", String.valueOf(checkpoint.seq())));
      // The hole stays visible in the numbers.
      return new Tail(
          tail.file(),
          tail.bytes(),
          0,
          tail.day(),
          checkpoint.seq(),
          checkpoint.hash(),
          tail.sameFile());
    }
    if (checkpoint.seq() > 0 && !hashAt(files, checkpoint.seq()).equals(checkpoint.hash())) {
      batch.add(
          finding(clock, "another log is in the place of this one")
              .detail("checkpoint", String.valueOf(checkpoint.seq())));
    }
    return tail;
  }

  /** The beginning of a log whose checkpoint is lost: what is there is all that is known. */
  static Checkpoint adopted(LogFiles files) throws IOException {
    List<LogFiles.LogFile> all = files.all();
    if (all.isEmpty()) {
      return Checkpoint.EMPTY;
    }
    return Tail.firstLine(all.getFirst().path())
        .flatMap(Link::read)
        .map(Checkpoint.EMPTY::beginning)
        .orElse(Checkpoint.EMPTY);
  }

  static AuditEvent finding(InstantSource clock, String cause) {
    return AuditEvent.of(clock.instant(), Action.AUDIT_REPAIR, Outcome.FAILED)
        .detail("cause", cause);
  }

  private static String hashAt(LogFiles files, long seq) throws IOException {
    int read = 0;
    for (LogFiles.LogFile file : files.all().reversed()) {
      try (LinesBackwards lines = LinesBackwards.open(file.path())) {
        for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
          Optional<Link> link = Link.read(line.get());
          if (link.isPresent() && link.get().seq() == seq) {
            return link.get().hash();
          }
          if (++read > LINES_MAX || link.isPresent() && link.get().seq() < seq) {
            return "";
          }
        }
      }
    }
    return "";
  }
}
