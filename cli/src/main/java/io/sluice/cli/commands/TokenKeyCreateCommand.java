package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.AuditEvent.Action;
import io.sluice.TokenKey;
import io.sluice.auth.KeyTerms;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.disk.SmallFile;
import io.sluice.gateway.admin.TokenKeyView;
import io.sluice.gateway.token.KeyState;
import io.sluice.gateway.token.NewKeys;
import io.sluice.gateway.token.TenantSecret;
import io.sluice.gateway.token.TokenConfig;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Registers the secret of a tenant that mints its own tokens. */
@Command(
    name = "create",
    header = "Registers the secret with which a tenant signs its own tokens (HS256).",
    description =
        "Without --tenant-secret-file a secret is made and printed: it is shown once. The tenant puts the"
            + " kid into the head of its tokens. Its holder can give itself every scope but admin.")
final class TokenKeyCreateCommand extends Configured {
  @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "whose it is")
  private String tenant;

  @Option(
      names = "--tenant-secret-file",
      paramLabel = "FILE",
      description = "32 to 512 random bytes as base64, where the tenant has a secret already")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "how long it is taken, such as 90d; ${DEFAULT-VALUE} unless set")
  private String expires = "365d";

  @Option(names = "--json", description = "print the key and all about it as one line of JSON")
  private boolean json;

  TokenKeyCreateCommand(Console console) {
    super(console, TokenKeys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    TenantLimits.checkName(tenant);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Instant until = now.plus(life());
    TenantSecret secret = file.map(TokenKeyCreateCommand::read).orElseGet(TenantSecret::random);
    TokenConfig config = TokenKeys.config(settings);
    TokenKey key = NewKeys.ofTenant(config, tenant, secret, now, until);
    try (Desk desk = Desk.open(settings)) {
      List<TokenKey> all = desk.ask(ports -> ports.tokenKeys().keys());
      TokenKeys.check(config, all, now, NewKeys.tooManyOf(tenant, all, now));
      Desk.Change change =
          new Desk.Change(
              Action.TOKEN_KEY_CREATE,
              Optional.of(tenant),
              key.kid(),
              "none",
              secret.digest() + " until " + until);
      desk.change(change, ports -> addOnce(ports.tokenKeys(), key));
    }
    print(key, secret);
    return Exit.OK;
  }

  private static Future<Void> addOnce(io.sluice.TokenKeys keys, TokenKey key) {
    return Keys.addOnce(
        keys.keys().map(all -> all.stream().anyMatch(it -> it.kid().equals(key.kid()))),
        () -> keys.add(key));
  }

  private void print(TokenKey key, TenantSecret secret) {
    Optional<String> shown = file.isPresent() ? Optional.empty() : Optional.of(secret.base64());
    if (json) {
      ObjectNode view = TokenKeyView.of(key, KeyState.CHECKING);
      shown.ifPresent(text -> view.put("secret", text));
      console().out().println(Json.write(view));
    } else {
      console().out().println("kid     " + key.kid());
      shown.ifPresent(text -> console().out().println("secret  " + text));
    }
  }

  private Duration life() {
    try {
      return KeyTerms.parse(Optional.empty(), expires)
          .life()
          .orElseThrow(() -> new IllegalArgumentException("a secret ends some day"));
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, "--expires: " + e.getMessage());
    }
  }

  private static TenantSecret read(Path file) {
    try {
      return TenantSecret.of(new String(SmallFile.secret(file), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, "--tenant-secret-file: " + e.getMessage());
    }
  }
}
