package io.sluice.cli.settings;

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
        Optional<Path> folder) {

  public static final FileSettings DEFAULT = new FileSettings(Optional.empty());

  /**
   * The folder of the files.
   *
   * @param data the folder of the jobs
   */
  public Path folder(Path data) {
    return folder.orElse(data.resolve("files"));
  }
}
