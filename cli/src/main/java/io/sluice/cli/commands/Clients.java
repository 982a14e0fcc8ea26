package io.sluice.cli.commands;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sluice.JobId;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.Api;
import io.sluice.cli.client.Credential;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.client.Logins;
import io.sluice.cli.client.OAuth;
import io.sluice.cli.client.RenewedLogin;
import io.sluice.cli.client.Workers;
import io.sluice.cli.settings.ClientSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.Secret;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.disk.SmallFile;
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

  static Jobs jobs(Console console, Settings settings) {
    return new Jobs(api(console, settings), CLOCK);
  }

  static Workers workers(Console console, Settings settings) {
    return new Workers(api(console, settings), CLOCK);
  }

  static Api api(Console console, Settings settings) {
    ClientSettings client = settings.get(ClientSettings.class);
    Credential credential = credential(client, settings.get(DataSettings.class));
    warn(console, client);
    return new Api(client.server(), credential, client.tls());
  }

  /** Says so where others can read what is shown to the server. */
  static void warn(Console console, ClientSettings client) {
    if (client.isInClear()) {
      console
          .err()
          .println(
              "sluice: the credential goes to "
                  + client.server()
                  + " in clear, for everybody on the way to read: use https");
    }
  }

  /**
   * The key that was set, else the login at the server, else the first key of the folder. That one
   * has every right at the Sluice of this machine, so no other server is shown it.
   */
  private static Credential credential(ClientSettings client, DataSettings data) {
    if (client.apiKey().isPresent()) {
      return Credential.of(client.apiKey());
    }
    Logins logins = new Logins(data.loginFile());
    return logins
        .find(client.server())
        .<Credential>map(login -> new RenewedLogin(login, logins, oauth(client), CLOCK))
        .orElseGet(() -> Credential.of(firstKey(client, data)));
  }

  /** The first key of the folder, if there is one. */
  static Optional<Secret> firstKey(ClientSettings client, DataSettings data) {
    if (!client.isHere()) {
      throw new Refusal(
          Exit.USAGE,
          "there is no key for "
              + client.server()
              + ": set SLUICE_API_KEY, or log in there with: sluice login --api-key-stdin ("
              + data.keyFile()
              + " is for a server on this machine)");
    }
    return read(data.keyFile());
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

  private static Optional<Secret> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(new Secret(new String(SmallFile.secret(file), US_ASCII).strip()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, e.getMessage() + "; or set SLUICE_API_KEY");
    }
  }
}
