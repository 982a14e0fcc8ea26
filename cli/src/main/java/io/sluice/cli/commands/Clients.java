package io.sluice.cli.commands;

import io.sluice.JobId;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.Api;
import io.sluice.cli.client.Credential;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.client.Logins;
import io.sluice.cli.client.OAuth;
import io.sluice.cli.client.RenewedLogin;
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

  private static final InstantSource CLOCK = InstantSource.system();

  private Clients() {}

  static Jobs jobs(Settings settings) {
    return new Jobs(api(settings), CLOCK);
  }

  static Api api(Settings settings) {
    ClientSettings client = settings.get(ClientSettings.class);
    return new Api(
        client.server(), credential(client, settings.get(DataSettings.class)), client.tls());
  }

  /** The key that was set, else the login at the server, else the first key of the folder. */
  private static Credential credential(ClientSettings client, DataSettings data) {
    if (client.apiKey().isPresent()) {
      return Credential.of(client.apiKey());
    }
    Logins logins = new Logins(data.loginFile());
    return logins
        .find(client.server())
        .<Credential>map(login -> new RenewedLogin(login, logins, oauth(client), CLOCK))
        .orElseGet(() -> Credential.of(read(data.keyFile())));
  }

  static OAuth oauth(ClientSettings client) {
    return new OAuth(CLOCK, client.tls());
  }

  /** An id that can be part of a path; anything else never was a job. */
  static String checked(String id) {
    if (!JobId.isValid(id)) {
      throw new Refusal(Exit.USAGE, "'" + id + "' is no job id: they look like job_0199…");
    }
    return id;
  }

  static Optional<Secret> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(new Secret(Files.readString(file).strip()))
          : Optional.empty();
    } catch (IOException e) {
      throw new Refusal(Exit.USAGE, "cannot read the key in " + file + ": set SLUICE_API_KEY");
    }
  }
}
