package io.sluice.gateway.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.gateway.token.KeySealing;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/** Puts the parts together that tell webhooks. */
public final class Telling {
  private Telling() {}

  /**
   * @param sealing opens the secrets of tenants; without it nothing can be signed
   */
  public static Deliveries of(
      Vertx vertx,
      Deliveries.Ports ports,
      WebhookConfig config,
      Optional<KeySealing> sealing,
      InstantSource clock,
      Reports reports) {
    return new Deliveries(
        ports,
        sealing,
        new Sender(vertx, config, Names.SYSTEM),
        new Verdicts(config.giveUp(), new SecureRandom()),
        new DeliveryReports(reports.meters(), reports.trail(), reports.repeated()),
        clock);
  }

  /** Whom tries are told to. */
  public record Reports(MeterRegistry meters, Trail trail, RepeatedEvents repeated) {}
}
