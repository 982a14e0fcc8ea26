package io.sluice.gateway.cache;

import io.sluice.Sharing;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Whether answers are shared, and among whom.
 *
 * @param terms how they are kept; empty where no job shares its answer
 * @param sharedBy tenants that share with each other, too; every other one shares with itself alone
 */
public record CacheConfig(Optional<Sharing.Terms> terms, Set<String> sharedBy) {
  public static final CacheConfig OFF = new CacheConfig(Optional.empty(), Set.of());

  /** For an hour, 10,000 answers and 64 MiB at most, no tenant with another. */
  public static final CacheConfig DEFAULT =
      new CacheConfig(
          Optional.of(new Sharing.Terms(Duration.ofHours(1), 10_000, 64L * 1024 * 1024)), Set.of());

  public CacheConfig {
    sharedBy = Set.copyOf(sharedBy);
  }
}
