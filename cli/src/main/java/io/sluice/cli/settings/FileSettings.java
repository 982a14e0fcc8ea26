package io.sluice.cli.settings;

import io.sluice.gateway.files.FilesConfig;
import java.nio.file.Path;
import java.util.Optional;

/** The files that clients upload, and what batches and pipelines make of them. */
public record FileSettings(
    @Setting(
            flag = "--files",
            variable = "SLUICE_FILES",
            value = "DIR",
            text =
                "the folder of uploaded files, batches and pipelines; several gateways need the same"
                    + " one, on a volume that they share; the folder files in that of the jobs"
                    + " without it")
        Optional<Path> folder,
    @Setting(
            flag = "--file-batch-mib",
            variable = "SLUICE_FILE_BATCH_MIB",
            value = "N",
            standard = "200",
            min = 1,
            max = 10_240,
            text = "the largest file that may be uploaded for a batch, in MiB")
        int batchMib,
    @Setting(
            flag = "--file-mib",
            variable = "SLUICE_FILE_MIB",
            value = "N",
            standard = "512",
            min = 1,
            max = 10_240,
            text = "the largest file that may be uploaded for anything else, in MiB")
        int fileMib,
    @Setting(
            flag = "--files-per-tenant-mib",
            variable = "SLUICE_FILES_PER_TENANT_MIB",
            value = "N",
            standard = "51200",
            min = 1,
            max = 1_000_000_000,
            text = "what the files of one tenant take at most, in MiB; more get 403")
        int tenantMib,
    @Setting(
            flag = "--files-per-tenant",
            variable = "SLUICE_FILES_PER_TENANT",
            value = "N",
            standard = "50000",
            min = 1,
            max = 1_000_000,
            text = "how many files one tenant has at most; more get 403")
        int tenantFiles,
    @Setting(
            flag = "--uploads-max",
            variable = "SLUICE_UPLOADS_MAX",
            value = "N",
            standard = "64",
            min = 1,
            max = 10_000,
            text =
                "uploads of files at a time, of which a quarter may be of one tenant; each takes"
                    + " some 300 KiB of memory")
        int uploads) {
  private static final long MIB = 1024L * 1024;

  public static final FileSettings DEFAULT =
      new FileSettings(Optional.empty(), 200, 512, 51_200, 50_000, 64);

  /**
   * The folder of the files.
   *
   * @param data the folder of the jobs
   */
  public Path folder(Path data) {
    return folder.orElse(data.resolve("files"));
  }

  public FilesConfig config() {
    return new FilesConfig(
        batchMib * MIB,
        fileMib * MIB,
        tenantMib * MIB,
        tenantFiles,
        uploads,
        Math.max(1, uploads / 4));
  }
}
