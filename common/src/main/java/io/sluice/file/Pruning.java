package io.sluice.file;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which files are too old to be kept. Their end is an entry of the log, and the checkpoint says
 * where the log begins from then on, so that it is not taken for tampering.
 *
 * @param old the files to delete
 * @param kept the first entry that stays
 */
record Pruning(List<LogFiles.LogFile> old, Optional<Link> kept) {
  static final Pruning NONE = new Pruning(List.of(), Optional.empty());

  static Pruning plan(LogFiles files, int daysKept, Instant now) throws IOException {
    if (daysKept == 0) {
      return NONE;
    }
    Instant before = now.minus(Duration.ofDays(daysKept));
    List<LogFiles.LogFile> all = files.all();
    int count = 0;
    // All entries of a file are older than the first of the next.
    while (count + 1 < all.size()
        && Tail.firstTime(all.get(count + 1).path()).filter(before::isAfter).isPresent()) {
      count++;
    }
    if (count == 0) {
      return NONE;
    }
    Optional<Link> kept = Tail.firstLine(all.get(count).path()).flatMap(Link::read);
    return kept.isEmpty() ? NONE : new Pruning(all.subList(0, count), kept);
  }

  boolean isNeeded() {
    return !old.isEmpty();
  }

  AuditEvent event(Instant now) {
    return AuditEvent.of(now, Action.AUDIT_PRUNE, Outcome.SUCCESS)
        .target(old.getLast().name())
        .detail("files", String.valueOf(old.size()))
        .detail("kept_from", String.valueOf(kept.orElseThrow().seq()));
  }

  void delete(LogFiles files) throws IOException {
    for (LogFiles.LogFile file : old) {
      Files.deleteIfExists(file.path());
    }
    if (isNeeded()) {
      files.sync();
    }
  }
}
