package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.Login;
import io.sluice.cli.client.Logins;
import io.sluice.cli.settings.ClientSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.Secret;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trades an API key for a login that renews itself. */
@Command(
    name = "login",
    header = "Logs in at a server: trades an API key for tokens that renew themselves.",
    description =
        "Client commands use the login from then on, unless SLUICE_API_KEY or --api-key says"
            + " otherwise. The tokens are in DIR/login.json, which only you can read; the key is not"
            + " kept. Without a key, that of DIR/api-key is traded at a server on this machine.")
public final class LoginCommand extends Configured {
  private static final int KEY_CHARS_MAX = 200;

  @Option(names = "--api-key-stdin", description = "read the key from standard input")
  private boolean stdin;

  @Option(names = "--json", description = "say so in JSON")
  private boolean json;

  public LoginCommand(Console console) {
    super(console, Clients.GROUPS);
  }

  @Override
  Exit run(Settings settings) throws IOException {
    ClientSettings client = settings.get(ClientSettings.class);
    DataSettings data = settings.get(DataSettings.class);
    Secret key = key(client, data);
    URI server = client.server();
    Clients.warn(console(), client);
    Login login = new Logins(data.loginFile()).replace(Clients.oauth(client), server, key);
    console()
        .out()
        .println(
            json
                ? Json.write(
                    Json.object()
                        .put("server", server.toString())
                        .put("logged_in", true)
                        .put("expires_at", login.expiresAt().toString()))
                : "logged in at " + server + "; the login renews itself");
    if (!console().environment().getOrDefault("SLUICE_API_KEY", "").isBlank()) {
      console().err().println("sluice: SLUICE_API_KEY is set and goes before the login; unset it");
    }
    return Exit.OK;
  }

  private Secret key(ClientSettings client, DataSettings data) throws IOException {
    Optional<Secret> key = stdin ? Optional.of(typed()) : client.apiKey();
    return key.or(() -> Clients.firstKey(client, data))
        .orElseThrow(
            () ->
                new Refusal(
                    Exit.USAGE,
                    "there is no key to log in with: set SLUICE_API_KEY, or pipe it in with"
                        + " --api-key-stdin"));
  }

  private Secret typed() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(console().in(), StandardCharsets.US_ASCII));
    String line = Optional.ofNullable(in.readLine()).orElse("").strip();
    if (!line.matches("[\\x21-\\x7e]{1," + KEY_CHARS_MAX + "}")) {
      throw new Refusal(Exit.USAGE, "--api-key-stdin: there was no key on standard input");
    }
    return new Secret(line);
  }
}
