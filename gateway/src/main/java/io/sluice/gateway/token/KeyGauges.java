package io.sluice.gateway.token;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What tells that keys of tokens rotate, and that there are some. */
final class KeyGauges {
  private KeyGauges() {}

  static void bind(KeyRing ring, InstantSource clock, MeterRegistry meters) {
    Gauge.builder("sluice.token.keys", ring, it -> it.keys().valid(clock.instant()))
        .description("Keys of access tokens that count, of Sluice and of tenants")
        .register(meters);
    Gauge.builder("sluice.token.signing.key.age", ring, it -> age(it, clock.instant()))
        .baseUnit("seconds")
        .description("How long the present key has signed")
        .register(meters);
  }

  private static double age(KeyRing ring, Instant now) {
    return ring.keys()
        .signing(now)
        .map(key -> Duration.between(key.record().activeFrom(), now).toMillis() / 1000.0)
        .orElse(Double.NaN);
  }
}
