package io.sluice.cli.commands;

import io.sluice.TokenKey;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.RedisSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.settings.TokenSettings;
import io.sluice.gateway.token.NewKeys;
import io.sluice.gateway.token.TokenConfig;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the commands that make keys of tokens have in common. */
final class TokenKeys {
  /** The settings that they need. */
  static final List<Class<? extends Record>> GROUPS =
      List.of(DataSettings.class, RedisSettings.class, TokenSettings.class, AuditSettings.class);

  private TokenKeys() {}

  /** How tokens are made, by the master secret of the settings or of the folder. */
  static TokenConfig config(Settings settings) {
    TokenSettings tokens = settings.get(TokenSettings.class);
    TokenConfig config =
        settings.get(RedisSettings.class).redisUrl().isPresent()
            ? tokens.config()
            : tokens.config(settings.get(DataSettings.class).secretFile());
    if (config.sealing().isEmpty()) {
      throw new Refusal(
          Exit.USAGE, "there is no master secret: set SLUICE_SECRET_FILE to that of the gateways");
    }
    return config;
  }

  /** Refuses where there are too many keys, or where the gateways could not open a new one. */
  static void check(
      TokenConfig config, List<TokenKey> keys, Instant now, Optional<String> tooMany) {
    tooMany.ifPresent(
        why -> {
          throw new Refusal(Exit.REFUSED, why);
        });
    if (!NewKeys.sealedAlike(config, keys, now)) {
      throw new Refusal(
          Exit.REFUSED,
          "the master secret is not the one that the keys there were sealed with"
              + " (SLUICE_SECRET)");
    }
  }
}
