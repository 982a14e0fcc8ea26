package io.sluice.gateway.catalogue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Instants as every client reads them: Python's {@code datetime.fromisoformat} takes neither {@code
 * Z} nor nine digits before 3.11.
 */
final class Times {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  /** Those of Python and of others end with this year. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private Times() {}

  static String text(Instant time) {
    return FORM.format(time.isAfter(LAST) ? LAST : time.isBefore(FIRST) ? FIRST : time);
  }
}
