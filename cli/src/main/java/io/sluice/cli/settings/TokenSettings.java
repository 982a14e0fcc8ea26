package io.sluice.cli.settings;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.disk.SmallFile;
import io.sluice.gateway.token.Algorithm;
import io.sluice.gateway.token.MasterSecret;
import io.sluice.gateway.token.OutsideIssuer;
import io.sluice.gateway.token.TokenConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
            text =
                "the file of the master secret; without either, up makes DIR/secret, and gateways have"
                    + " no access tokens")
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
        String audience,
    @Setting(
            flag = "--issuer",
            variable = "SLUICE_ISSUERS",
            value = "TEXT",
            text =
                "somebody else whose tokens are taken: 'iss=https://id.example"
                    + " jwks=https://id.example/keys audience=sluice tenant=acme'; several: repeat"
                    + " it, or commas in the variable")
        List<OutsideIssuer> issuers)
    implements Settings.Checked {

  /** What Sluice signs with. */
  public enum Signing {
    RS256,
    EDDSA
  }

  public TokenSettings {
    issuers = List.copyOf(issuers);
  }

  @Override
  public List<String> problems(Settings others) {
    List<String> problems = new ArrayList<>();
    if (secret.isPresent() && secretFile.isPresent()) {
      problems.add("SLUICE_SECRET and SLUICE_SECRET_FILE: set one of them");
    }
    Set<String> names = new HashSet<>(Set.of(issuer));
    for (OutsideIssuer one : issuers) {
      if (!names.add(one.issuer())) {
        problems.add("--issuer: '" + one.issuer() + "' is named twice, or is --token-issuer");
      }
    }
    try {
      config(secret.map(Secret::value));
    } catch (IllegalArgumentException e) {
      problems.add("access tokens: " + e.getMessage());
    }
    return problems;
  }

  /** Whether a master secret is set, one way or the other. */
  public boolean hasSecret() {
    return secret.isPresent() || secretFile.isPresent();
  }

  /** As the gateway takes it; reads the file of the secret. */
  public TokenConfig config() {
    return secretFile
        .map(TokenSettings::ofFile)
        .or(() -> secret.map(Secret::value))
        .map(text -> config(secretFile, text))
        .orElseGet(() -> config(Optional.empty()));
  }

  /** The same with the secret in a file of the data folder, where none is set and it is there. */
  public TokenConfig config(Path standard) {
    return hasSecret() || !Files.exists(standard)
        ? config()
        : config(Optional.of(standard), ofFile(standard));
  }

  private TokenConfig config(Optional<Path> file, String text) {
    try {
      return config(Optional.of(text));
    } catch (IllegalArgumentException e) {
      String where = file.map(Path::toString).orElse("SLUICE_SECRET");
      throw new Refusal(Exit.CANNOT_START, where + ": " + e.getMessage());
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
        issuers);
  }

  private static String ofFile(Path file) {
    try {
      return new String(SmallFile.secret(file), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          Exit.CANNOT_START, "the master secret (SLUICE_SECRET_FILE): " + e.getMessage());
    }
  }
}
