package io.sluice;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The numbers of a tenant's limits.
 *
 * @param bounds at least 1 each, in the order of {@link Limit}; what is missing is not limited
 * @param shadow those that are counted and reported but not enforced
 */
public record Limits(Map<Limit, Long> bounds, Set<Limit> shadow) {
  /** No number of a limit is larger. */
  public static final long NUMBER_MAX = 1_000_000_000_000L;

  public static final Limits NONE = new Limits(Map.of(), Set.of());

  public Limits {
    bounds = ordered(bounds);
    shadow = Set.copyOf(shadow);
    bounds.forEach(
        (limit, bound) -> {
          if (bound < 1) {
            throw new IllegalArgumentException(limit.wireName() + " must be at least 1");
          }
        });
  }

  private static Map<Limit, Long> ordered(Map<Limit, Long> bounds) {
    Map<Limit, Long> ordered = new EnumMap<>(Limit.class);
    ordered.putAll(bounds);
    return Collections.unmodifiableMap(ordered);
  }

  public OptionalLong bound(Limit limit) {
    return Optional.ofNullable(bounds.get(limit))
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /** The number of a limit, unless it is only counted. */
  public OptionalLong enforced(Limit limit) {
    return shadow.contains(limit) ? OptionalLong.empty() : bound(limit);
  }

  /** These limits, and those of {@code others} where these say nothing. */
  public Limits or(Limits others) {
    Map<Limit, Long> all = new EnumMap<>(Limit.class);
    all.putAll(others.bounds);
    all.putAll(bounds);
    Set<Limit> shadowed = new HashSet<>(shadow);
    others.shadow.stream().filter(limit -> !bounds.containsKey(limit)).forEach(shadowed::add);
    return new Limits(all, shadowed);
  }
}
