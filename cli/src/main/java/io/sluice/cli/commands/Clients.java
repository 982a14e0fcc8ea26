package io.sluice.cli.commands;

import io.sluice.JobId;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.Api;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.settings.ClientSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.Secret;
import io.sluice.cli.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** How client commands reach their server. */
final class Clients {
  /** The settings that they need. */
  static final List<Class<? extends Record>> GROUPS =
      List.of(ClientSettings.class, DataSettings.class);

  private Clients() {}

  static Jobs jobs(Settings settings) {
    return new Jobs(api(settings), InstantSource.system());
  }

  static Api api(Settings settings) {
    ClientSettings client = settings.get(ClientSettings.class);
    Path file = settings.get(DataSettings.class).keyFile();
    return new Api(client.server(), client.apiKey().or(() -> read(file)), client.tls());
  }

  /** An id that can be part of a path; anything else never was a job. */
  static String checked(String id) {
    if (!JobId.isValid(id)) {
      throw new Refusal(Exit.USAGE, "'" + id + "' is no job id: they look like job_0199…");
    }
    return id;
  }

  private static Optional<Secret> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(new Secret(Files.readString(file).strip()))
          : Optional.empty();
    } catch (IOException e) {
      throw new Refusal(Exit.USAGE, "cannot read the key in " + file + ": set SLUICE_API_KEY");
    }
  }
}
