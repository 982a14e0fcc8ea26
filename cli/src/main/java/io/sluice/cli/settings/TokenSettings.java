package io.sluice.cli.settings;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.gateway.token.Algorithm;
import io.sluice.gateway.token.MasterSecret;
import io.sluice.gateway.token.TokenConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Access tokens: how they are sealed, signed and named. */
public record TokenSettings(
    @Setting(
            flag = "--secret",
            variable = "SLUICE_SECRET",
            value = "BASE64",
            text =
                "the master secret that seals token keys, at least 32 random bytes; others can see"
                    + " flags")
        Optional<Secret> secret,
    @Setting(
            flag = "--secret-file",
            variable = "SLUICE_SECRET_FILE",
            value = "FILE",
            text = "the file of the master secret; without either, no access tokens")
        Optional<Path> secretFile,
    @Setting(
            flag = "--token-life",
            variable = "SLUICE_TOKEN_LIFE",
            value = "TIME",
            standard = "15m",
            text = "how long an access token lives, at most 2h")
        Duration life,
    @Setting(
            flag = "--token-rotation",
            variable = "SLUICE_TOKEN_ROTATION",
            value = "TIME",
            standard = "1d",
            text = "how long a key signs access tokens before the next one does, at least 1m")
        Duration rotation,
    @Setting(
            flag = "--token-algorithm",
            variable = "SLUICE_TOKEN_ALGORITHM",
            value = "NAME",
            standard = "rs256",
            text = "what new keys sign with: rs256 or eddsa")
        Signing algorithm,
    @Setting(
            flag = "--token-issuer",
            variable = "SLUICE_TOKEN_ISSUER",
            value = "NAME",
            standard = "sluice",
            text = "the iss of access tokens; best the URL that clients see")
        String issuer,
    @Setting(
            flag = "--token-audience",
            variable = "SLUICE_TOKEN_AUDIENCE",
            value = "NAME",
            standard = "sluice",
            text = "the aud that access tokens must name")
        String audience)
    implements Settings.Checked {

  /** What Sluice signs with. */
  public enum Signing {
    RS256,
    EDDSA
  }

  @Override
  public List<String> problems(Settings others) {
    if (secret.isPresent() && secretFile.isPresent()) {
      return List.of("SLUICE_SECRET and SLUICE_SECRET_FILE: set one of them");
    }
    try {
      config(secret.map(Secret::value));
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of("access tokens: " + e.getMessage());
    }
  }

  /** As the gateway takes it; reads the file of the secret. */
  public TokenConfig config() {
    try {
      return config(secretFile.map(TokenSettings::read).or(() -> secret.map(Secret::value)));
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.CANNOT_START, "SLUICE_SECRET_FILE: " + e.getMessage());
    }
  }

  private TokenConfig config(Optional<String> text) {
    TokenConfig standard = TokenConfig.DEFAULT;
    return new TokenConfig(
        text.map(MasterSecret::of),
        issuer,
        audience,
        life,
        standard.refreshLife(),
        standard.refreshIdle(),
        rotation,
        algorithm == Signing.RS256 ? Algorithm.RS256 : Algorithm.EDDSA,
        standard.issuers());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file);
    }
  }
}
