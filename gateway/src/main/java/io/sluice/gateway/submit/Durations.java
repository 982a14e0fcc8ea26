package io.sluice.gateway.submit;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as clients write them: {@code 90s}, {@code 10m}, {@code 24h}. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,7})([smh])");

  private Durations() {}

  /** Reads a field that holds a duration within bounds. */
  public static Duration read(Fields fields, String name, Bounds bounds, Duration standard) {
    String rule = "It must be a duration from " + bounds.min() + " to " + bounds.max() + ".";
    return fields
        .text(name, 1, 16)
        .map(
            text -> {
              Optional<Duration> read = parse(text).filter(bounds::hold);
              fields.check(read.isPresent(), name, rule);
              return read.orElse(standard);
            })
        .orElse(standard);
  }

  /** Empty if it is none. */
  public static Optional<Duration> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(form.group(1));
    return Optional.of(
        switch (form.group(2).charAt(0)) {
          case 's' -> Duration.ofSeconds(amount);
          case 'm' -> Duration.ofMinutes(amount);
          default -> Duration.ofHours(amount);
        });
  }

  /** The shortest and the longest that is taken, as a client would write them. */
  public record Bounds(String min, String max) {
    boolean hold(Duration duration) {
      return duration.compareTo(parse(min).orElseThrow()) >= 0
          && duration.compareTo(parse(max).orElseThrow()) <= 0;
    }
  }
}
