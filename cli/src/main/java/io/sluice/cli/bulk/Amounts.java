package io.sluice.cli.bulk;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers as a person reads them. */
final class Amounts {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);

  private Amounts() {}

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 document}, {@code 2 documents}. */
  static String of(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  static String rate(double perSecond, String unit) {
    String number =
        perSecond >= 10
            ? count(Math.round(perSecond))
            : String.format(Locale.ROOT, "%.1f", perSecond);
    return number + " " + unit;
  }

  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** When something ends, on the clock of the wall and from now. */
  static String end(Instant end, Instant now, ZoneId zone) {
    ZonedDateTime at = end.atZone(zone);
    boolean today = at.toLocalDate().equals(now.atZone(zone).toLocalDate());
    return "ends "
        + (today ? TIME : DAY).format(at)
        + " (in "
        + span(Duration.between(now, end))
        + ")";
  }

  static String span(Duration time) {
    long seconds = Math.max(1, time.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    long minutes = (seconds + 30) / 60;
    return minutes < 60
        ? minutes + " min"
        : minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
  }
}
