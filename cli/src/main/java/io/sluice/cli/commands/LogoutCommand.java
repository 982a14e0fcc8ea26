package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.Logins;
import io.sluice.cli.settings.ClientSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import java.net.URI;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends a login. */
@Command(
    name = "logout",
    header = "Ends the login at a server: its tokens are revoked there and removed here.")
public final class LogoutCommand extends Configured {
  @Option(names = "--json", description = "say so in JSON")
  private boolean json;

  public LogoutCommand(Console console) {
    super(console, Clients.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    ClientSettings client = settings.get(ClientSettings.class);
    URI server = client.server();
    Clients.warn(console(), client);
    Logins logins = new Logins(settings.get(DataSettings.class).loginFile());
    Logins.Ended ended = logins.end(Clients.oauth(client), server);
    switch (ended) {
      case NO_LOGIN -> throw new Refusal(Exit.REFUSED, "there is no login at " + server);
      case ONLY_HERE ->
          throw new Refusal(
              Exit.UNAVAILABLE,
              "the login is removed here, but "
                  + server
                  + " did not revoke it: revoke its key if others may have the tokens");
      case REVOKED ->
          console()
              .out()
              .println(
                  json
                      ? Json.write(
                          Json.object().put("server", server.toString()).put("logged_in", false))
                      : "logged out at " + server);
    }
    return Exit.OK;
  }
}
