package io.sluice.file;

import java.nio.file.Path;

/**
 * Where the audit log is and how long it is kept. All processes of a folder need the same.
 *
 * @param folder the files of entries
 * @param checkpoint the file that says how far the log goes; best on another disk or host
 * @param key the file of the secret that the checkpoint is signed with; made where there is none
 * @param fileBytesMax a file that is larger gets no more entries
 * @param daysKept files whose entries are all older are deleted; 0 keeps everything
 */
public record FileAuditConfig(
    Path folder, Path checkpoint, Path key, long fileBytesMax, int daysKept) {
  public static final long FILE_BYTES_MAX = 64L * 1024 * 1024;

  public FileAuditConfig {
    if (fileBytesMax < 1 || daysKept < 0) {
      throw new IllegalArgumentException("files hold at least a byte, days are not negative");
    }
  }

  /** The folder {@code audit} in a data folder, its checkpoint and key beside it, all kept. */
  public static FileAuditConfig in(Path data) {
    return new FileAuditConfig(
        data.resolve("audit"),
        data.resolve("audit.checkpoint"),
        data.resolve("audit.key"),
        FILE_BYTES_MAX,
        0);
  }
}
