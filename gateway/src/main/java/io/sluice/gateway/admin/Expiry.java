package io.sluice.gateway.admin;

import io.sluice.auth.KeyTerms;
import io.sluice.gateway.submit.Fields;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When something ends: {@code expires_in}, a time such as 90d, or {@code expires_at}. */
final class Expiry {
  private Expiry() {}

  /**
   * @param standard as {@code expires_in}, where neither is given
   * @return nothing for {@code never}, or where there is a fault
   */
  static Optional<Instant> read(Fields fields, Instant now, String standard) {
    if (fields.has("expires_in") && fields.has("expires_at")) {
      fields.fault("expires_at", "Give either this or expires_in.");
    }
    return fields.has("expires_at")
        ? fields.text("expires_at", 1, 40).flatMap(text -> at(fields, text, now))
        : in(fields, fields.text("expires_in", 1, 16).orElse(standard)).map(now::plus);
  }

  private static Optional<Instant> at(Fields fields, String text, Instant now) {
    try {
      Instant end = Instant.parse(text);
      if (end.isAfter(now) && end.isBefore(now.plus(KeyTerms.LIFE_MAX))) {
        return Optional.of(end);
      }
    } catch (DateTimeException e) {
      // Said below, as for a time out of bounds.
    }
    fields.fault(
        "expires_at", "It must be a time to come, within 3650 days, such as 2030-01-31T12:00:00Z.");
    return Optional.empty();
  }

  private static Optional<Duration> in(Fields fields, String text) {
    try {
      return KeyTerms.parse(Optional.empty(), text).life();
    } catch (IllegalArgumentException e) {
      fields.fault("expires_in", "It must be a time such as 12h or 90d, at most 3650d, or never.");
      return Optional.empty();
    }
  }
}
