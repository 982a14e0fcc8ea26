package io.sluice.gateway.trail;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.AuditLog;
import io.vertx.core.Future;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of every event of the gateway into the audit log. Safe from any thread. */
public final class Trail {
  private static final Logger LOG = LoggerFactory.getLogger(Trail.class);

  private final AuditLog audit;
  private final InstantSource clock;
  private final Counter lost;

  public Trail(AuditLog audit, InstantSource clock, MeterRegistry meters) {
    this.audit = audit;
    this.clock = clock;
    this.lost =
        Counter.builder("sluice.audit.lost")
            .description("Events that the audit log did not take")
            .register(meters);
  }

  /** An event of this moment, to be completed and given to {@link #add}. */
  public AuditEvent event(Action action, Outcome outcome) {
    return AuditEvent.of(clock.instant(), action, outcome);
  }

  /**
   * Writes it down. Whoever must not go on without its entry waits for the Future; for all others
   * what could not be written is counted here, and the log itself tells it to the process's log.
   */
  public Future<Void> add(AuditEvent event) {
    return audit
        .append(event)
        .onFailure(
            e -> {
              lost.increment();
              LOG.debug("{} is not in the audit log: {}", event.action().wireName(), e.toString());
            });
  }
}
