package io.sluice.cli.commands;

import io.sluice.AuditEvent.Action;
import io.sluice.TokenKey;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.gateway.admin.TokenKeyView;
import io.sluice.gateway.token.KeyState;
import io.sluice.gateway.token.NewKeys;
import io.sluice.gateway.token.TokenConfig;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the next signing key now. */
@Command(
    name = "rotate",
    header = "Makes the next signing key now, on every gateway and with no restart.",
    description =
        "It signs a few seconds later, when every gateway knows it. Tokens of the key before stay"
            + " good until they expire; to end those too: sluice token-key revoke KID.")
final class TokenKeyRotateCommand extends Configured {
  @Option(names = "--json", description = "print the new key as one line of JSON")
  private boolean json;

  TokenKeyRotateCommand(Console console) {
    super(console, TokenKeys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    TokenConfig config = TokenKeys.config(settings);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    TokenKey next = NewKeys.signing(config, now, now.plus(NewKeys.LEAD_MIN));
    try (Desk desk = Desk.open(settings)) {
      List<TokenKey> all = desk.ask(ports -> ports.tokenKeys().keys());
      TokenKeys.check(config, all, now, NewKeys.tooManySigning(all, now));
      Optional<String> newest = newest(all);
      Desk.Change change =
          new Desk.Change(
              Action.TOKEN_KEY_CREATE,
              Optional.empty(),
              next.kid(),
              newest.orElse("none"),
              "signs from " + next.activeFrom());
      desk.change(
          change,
          ports -> ports.tokenKeys().succeed(newest, next).map(TokenKeyRotateCommand::made));
    }
    console()
        .out()
        .println(
            json
                ? Json.write(TokenKeyView.of(next, KeyState.NEXT))
                : next.kid() + " signs from " + next.activeFrom());
    return Exit.OK;
  }

  private static Boolean made(Boolean added) {
    if (!added) {
      throw new Refusal(Exit.REFUSED, "another key was made in the same moment: try again");
    }
    return added;
  }

  private static Optional<String> newest(List<TokenKey> all) {
    return all.reversed().stream()
        .filter(key -> key.use() == TokenKey.Use.SIGNING)
        .map(TokenKey::kid)
        .findFirst();
  }
}
