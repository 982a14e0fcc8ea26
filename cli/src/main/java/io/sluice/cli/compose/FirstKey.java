package io.sluice.cli.compose;

import io.sluice.ApiKey;
import io.sluice.auth.ApiKeys;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.disk.OwnerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The key of a new installation: tenant {@code default}, every scope. Its file is written before
 * the directory learns of it, so that a crash between the two leaves a key that the next start
 * adds.
 */
public final class FirstKey {
  public static final String TENANT = "default";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private FirstKey() {}

  /**
   * Makes the key if the directory has none.
   *
   * @return its text, if it was made now
   */
  public static Optional<String> ensure(Broker broker, Path file) {
    try {
      if (!Waiting.await(broker.directory().keys(), LIMIT).isEmpty()) {
        return Optional.empty();
      }
      ApiKeys.Generated made = ApiKeys.generate(TENANT, ApiKey.ALL_SCOPES, Instant.now());
      OwnerFile.write(file, made.text() + "\n");
      broker.add(made.key());
      return Optional.of(made.text());
    } catch (IOException e) {
      throw new Refusal(Exit.CANNOT_START, "cannot write " + file + ": " + e.getMessage());
    }
  }
}
