package io.sluice.cli.compose;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.file.FileAudit;
import io.sluice.file.FileAuditConfig;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** The audit log where the settings say that it is. */
final class Audits {
  private static final long MIB = 1024L * 1024;

  private Audits() {}

  /** Opens it to be written; a process that cannot leave a trail does not start. */
  static FileAudit open(AuditSettings settings, Path data) {
    try {
      return FileAudit.open(config(settings, data), InstantSource.system());
    } catch (UncheckedIOException e) {
      throw new Refusal(Exit.CANNOT_START, e.getMessage());
    }
  }

  static FileAuditConfig config(AuditSettings settings, Path data) {
    Path folder = settings.folder().orElse(data.resolve("audit")).toAbsolutePath();
    return new FileAuditConfig(
        folder,
        settings.checkpoint().orElse(beside(folder, ".checkpoint")),
        settings.keyFile().orElse(beside(folder, ".key")),
        settings.fileMib() * MIB,
        settings.daysKept());
  }

  private static Path beside(Path folder, String ending) {
    return folder.resolveSibling(folder.getFileName() + ending);
  }
}
