package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.TokenKey;
import io.sluice.cli.Exit;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.gateway.admin.TokenKeyView;
import io.sluice.gateway.token.KeyState;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the keys of access tokens, never their secrets. */
@Command(name = "list", header = "Shows the keys of access tokens, never their secrets.")
final class TokenKeyListCommand extends Configured {
  @Option(names = "--json", description = "print them as a JSON array")
  private boolean json;

  TokenKeyListCommand(Console console) {
    super(console, Keys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    List<TokenKey> keys;
    try (Desk desk = Desk.open(settings)) {
      keys = desk.ask(ports -> ports.tokenKeys().keys());
    }
    Instant now = Instant.now();
    if (json) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      keys.forEach(key -> all.add(TokenKeyView.of(key, KeyState.of(key, keys, now))));
      console().out().println(Json.write(all));
    } else {
      keys.forEach(key -> console().out().println(row(key, KeyState.of(key, keys, now))));
    }
    return Exit.OK;
  }

  private static String row(TokenKey key, KeyState state) {
    return "%-20s  %-5s  %-16s  %-8s  from %s to %s"
        .formatted(
            key.kid(),
            key.algorithm(),
            key.tenant().orElse("sluice itself"),
            state.wireName(),
            Keys.minute(key.activeFrom()),
            Keys.minute(key.expiresAt()));
  }
}
