package io.sluice.auth;

import io.sluice.ApiKey;
import io.sluice.address.AddressRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a new key is bound to, as people write it.
 *
 * @param ranges the addresses that it works from, each in its one form; from anywhere if absent
 * @param life how long it works; until it is revoked if absent
 */
public record KeyTerms(Optional<List<String>> ranges, Optional<Duration> life) {
  /** How long a key works if nobody says so: 90 days, so that a forgotten key ends by itself. */
  public static final String STANDARD_LIFE = "90d";

  /** A key has at most so many ranges. */
  public static final int RANGES_MAX = 100;

  /** No key lives longer, unless it lives until it is revoked. */
  public static final Duration LIFE_MAX = Duration.ofDays(3_650);

  private static final String NEVER = "never";
  private static final Pattern LIFE = Pattern.compile("([0-9]{1,6})([smhd])");

  public KeyTerms {
    ranges = ranges.map(List::copyOf);
  }

  /**
   * Reads both.
   *
   * @param ranges each as {@link AddressRange#parse} takes it; a list without any means nowhere
   * @param life such as {@code 90d}, or {@code never}
   * @throws IllegalArgumentException with one line for everything that is wrong
   */
  public static KeyTerms parse(Optional<List<String>> ranges, String life) {
    List<String> problems = new ArrayList<>();
    Optional<List<String>> read = ranges.map(texts -> ranges(texts, problems));
    Optional<Duration> length = life.equals(NEVER) ? Optional.empty() : length(life, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return new KeyTerms(read, length);
  }

  /**
   * Reads ranges alone.
   *
   * @throws IllegalArgumentException with one line for everything that is wrong
   */
  public static Optional<List<String>> ranges(List<String> texts) {
    return parse(Optional.of(texts), NEVER).ranges();
  }

  private static List<String> ranges(List<String> texts, List<String> problems) {
    if (texts.size() > RANGES_MAX) {
      problems.add("a key has at most " + RANGES_MAX + " ranges of addresses");
      return List.of();
    }
    List<String> read = new ArrayList<>();
    for (String text : texts) {
      try {
        read.add(AddressRange.parse(text).toString());
      } catch (IllegalArgumentException e) {
        problems.add(e.getMessage());
      }
    }
    return read.stream().distinct().toList();
  }

  private static Optional<Duration> length(String text, List<String> problems) {
    Matcher form = LIFE.matcher(text);
    Optional<Duration> length =
        form.matches()
            ? Optional.of(duration(Long.parseLong(form.group(1)), form.group(2)))
            : Optional.empty();
    if (length.filter(it -> !it.isZero() && it.compareTo(LIFE_MAX) <= 0).isEmpty()) {
      problems.add(
          "'"
              + text
              + "' is neither a time above zero such as 12h or 90d, at most "
              + LIFE_MAX.toDays()
              + "d, nor "
              + NEVER);
    }
    return length;
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** The same key, bound to these terms from its creation on. */
  public ApiKey bind(ApiKey key) {
    ApiKey placed = ranges.map(key::from).orElse(key);
    return life.map(it -> placed.until(key.createdAt().plus(it))).orElse(placed);
  }
}
