package io.sluice.cli.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The audit log of the processes of this machine; all of them need the same. */
public record AuditSettings(
    @Setting(
            flag = "--audit-dir",
            variable = "SLUICE_AUDIT_DIR",
            value = "DIR",
            text = "the folder of the audit log; the folder audit in that of the jobs without it")
        Optional<Path> folder,
    @Setting(
            flag = "--audit-checkpoint",
            variable = "SLUICE_AUDIT_CHECKPOINT",
            value = "FILE",
            text =
                "how far the audit log goes, best on another disk; beside the folder of the audit"
                    + " log without it")
        Optional<Path> checkpoint,
    @Setting(
            flag = "--audit-key-file",
            variable = "SLUICE_AUDIT_KEY_FILE",
            value = "FILE",
            text =
                "the secret that signs the checkpoint, in hexadecimal; made beside the folder of the"
                    + " audit log without it")
        Optional<Path> keyFile,
    @Setting(
            flag = "--audit-file-mib",
            variable = "SLUICE_AUDIT_FILE_MIB",
            value = "N",
            standard = "64",
            min = 1,
            max = 1024,
            text =
                "a file of the audit log that is larger gets no more entries; nor does one of yesterday")
        int fileMib,
    @Setting(
            flag = "--audit-keep-days",
            variable = "SLUICE_AUDIT_KEEP_DAYS",
            value = "N",
            standard = "0",
            max = 36_500,
            text = "files of the audit log that are older are deleted; 0 keeps all")
        int daysKept)
    implements Settings.Checked {

  public static final AuditSettings DEFAULT =
      new AuditSettings(Optional.empty(), Optional.empty(), Optional.empty(), 64, 0);

  @Override
  public List<String> problems(Settings others) {
    return checkpoint.isPresent() && checkpoint.equals(keyFile)
        ? List.of("--audit-checkpoint and --audit-key-file are two files: name another one")
        : List.of();
  }
}
