package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.AuditEvent.Action;
import io.sluice.TokenKey;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.gateway.token.KeyState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Revokes keys of access tokens. */
@Command(
    name = "revoke",
    header = "Revokes keys of access tokens, for good: their tokens are refused.",
    description = "Another signing key is made by the gateways where none is left.")
final class TokenKeyRevokeCommand extends Configured {
  @Parameters(paramLabel = "KID", arity = "0..*", description = "as token-key list shows them")
  private List<String> kids = new ArrayList<>();

  @Option(names = "--all", description = "every one that is there")
  private boolean all;

  @Option(names = "--json", description = "say so in JSON")
  private boolean json;

  TokenKeyRevokeCommand(Console console) {
    super(console, Keys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    if (kids.isEmpty() != all) {
      throw new Refusal(Exit.USAGE, "name the keys, or all of them with --all");
    }
    List<String> revoked = new ArrayList<>();
    try (Desk desk = Desk.open(settings)) {
      List<TokenKey> keys = desk.ask(ports -> ports.tokenKeys().keys());
      for (TokenKey key : named(keys)) {
        KeyState before = KeyState.of(key, keys, Instant.now());
        Desk.Change change =
            new Desk.Change(
                Action.TOKEN_KEY_REVOKE, key.tenant(), key.kid(), before.wireName(), "revoked");
        desk.change(change, ports -> ports.tokenKeys().revoke(key.kid(), Instant.now()));
        revoked.add(key.kid());
      }
    }
    print(revoked);
    return Exit.OK;
  }

  private List<TokenKey> named(List<TokenKey> keys) {
    List<TokenKey> valid = keys.stream().filter(key -> key.revokedAt().isEmpty()).toList();
    if (all) {
      return valid;
    }
    List<String> known = valid.stream().map(TokenKey::kid).toList();
    List<String> unknown = kids.stream().filter(kid -> !known.contains(kid)).toList();
    if (!unknown.isEmpty()) {
      throw new Refusal(
          Exit.REFUSED,
          "there is no valid key " + String.join(", ", unknown) + "; none was revoked");
    }
    return valid.stream().filter(key -> kids.contains(key.kid())).toList();
  }

  private void print(List<String> revoked) {
    if (json) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      revoked.forEach(kid -> all.addObject().put("kid", kid).put("revoked", true));
      console().out().println(Json.write(all));
    } else {
      revoked.forEach(kid -> console().out().println(kid + " revoked"));
    }
  }
}
