package io.sluice.file;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What a writer does when it comes to a log that is not as it should be: it goes on, since a trail
 * that stops would please whoever did it, and writes down what it found.
 */
final class Repair {
  /** How far back the entry of the checkpoint is looked for: a crash leaves one batch behind it. */
  private static final int LINES_MAX = 10_000;

  private final LogFiles files;
  private final InstantSource clock;
  private final List<AuditEvent> batch;

  /**
   * @param batch the entries that are written next, with what it finds
   */
  Repair(LogFiles files, InstantSource clock, List<AuditEvent> batch) {
    this.files = files;
    this.clock = clock;
    this.batch = batch;
  }

  /** Somebody has done this, or a fault: {@code audit verify} fails from now on. */
  void finding(String cause) {
    add(Outcome.FAILED, cause);
  }

  /** This may be harmless: {@code audit verify} tells of it. */
  void note(String cause) {
    add(Outcome.SUCCESS, cause);
  }

  private void add(Outcome outcome, String cause) {
    batch.add(AuditEvent.of(clock.instant(), Action.AUDIT_REPAIR, outcome).detail("cause", cause));
  }

  /** Compares the end of the log with what is known of it; where the next entry goes. */
  Tail compare(Tail tail, Checkpoint known) throws IOException {
    if (tail.seq() < known.seq()) {
      finding(
          "the log ended at entry "
              + tail.seq()
              + ", before entry "
              + known.seq()
              + " of the checkpoint");
      // The hole stays visible in the numbers.
      return new Tail(
          tail.file(), tail.bytes(), 0, tail.day(), known.seq(), known.hash(), tail.sameFile());
    }
    if (known.seq() > 0 && !hashAt(known.seq()).equals(known.hash())) {
      finding("another log is in the place of this one: see entry " + known.seq());
    } else if (tail.seq() > known.seq()) {
      note(
          "no checkpoint had signed entries "
              + (known.seq() + 1)
              + " to "
              + tail.seq()
              + ": a process was killed before it did, or somebody else wrote them");
    }
    return tail;
  }

  /** The beginning of a log whose checkpoint is lost: what is there is all that is known. */
  Checkpoint adopted() throws IOException {
    List<LogFiles.LogFile> all = files.all();
    if (all.isEmpty()) {
      return Checkpoint.EMPTY;
    }
    return Tail.firstLine(all.getFirst().path())
        .flatMap(Link::read)
        .map(link -> Checkpoint.EMPTY.beginning(link.seq(), link.prev()))
        .orElse(Checkpoint.EMPTY);
  }

  private String hashAt(long seq) throws IOException {
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
