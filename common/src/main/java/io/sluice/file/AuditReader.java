package io.sluice.file;

import io.sluice.AuditEvent;
import io.sluice.AuditLog;
import io.sluice.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads a log, also while others write it; changes nothing. Blocks. */
public final class AuditReader {
  private final FileAuditConfig config;

  public AuditReader(FileAuditConfig config) {
    this.config = config;
  }

  /**
   * The newest entries that match, newest first.
   *
   * @throws Unavailable if it takes longer, or the files cannot be read
   */
  public List<AuditEvent> search(AuditLog.Query query, Duration within) {
    try {
      return new Search(query, within).in(new LogFiles(config.folder()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Reads every entry and compares each with the one before, and the last with the checkpoint. What
   * is wrong is read again before it is told.
   *
   * @param noted an entry and its hash that were noted before, to be found as they were
   * @throws Unavailable if the files cannot be read
   */
  public Verdict verify(Optional<Noted> noted) {
    try {
      Verdict verdict = new Verification(config, noted).run();
      // Files may have been mended or deleted under the first reading.
      return verdict.flaw().isEmpty() ? verdict : new Verification(config, noted).run();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** An entry that somebody noted outside. */
  public record Noted(long seq, String hash) {}

  private Unavailable unreadable(IOException e) {
    return new Unavailable(FileAudit.PART, "it cannot be read: " + e, e);
  }
}
