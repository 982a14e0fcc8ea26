package io.sluice.cli.settings;

import java.nio.file.Path;

/** Where one process keeps its jobs. */
public record DataSettings(
    @Setting(
            flag = "--data",
            variable = "SLUICE_DATA",
            value = "DIR",
            standard = "~/.sluice",
            text = "the folder of the jobs and of the first API key")
        Path data) {

  /** The file that the first key is written to. */
  public Path keyFile() {
    return data.resolve("api-key");
  }

  /** The file of the logins of client commands. */
  public Path loginFile() {
    return data.resolve("login.json");
  }

  /** The file of the master secret that {@code up} makes for itself. */
  public Path secretFile() {
    return data.resolve("secret");
  }
}
