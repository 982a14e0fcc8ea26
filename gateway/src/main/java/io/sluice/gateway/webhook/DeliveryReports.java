package io.sluice.gateway.webhook;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.JobRecord;
import io.sluice.Webhooks.Target;
import io.sluice.Webhooks.Tried;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom tries are told to: metrics and the log, and the audit log where one is given up. Of an URL
 * only its origin is told: the rest may be a secret of its receiver's.
 */
final class DeliveryReports {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryReports.class);

  private final MeterRegistry meters;
  private final Trail trail;
  private final RepeatedEvents repeated;

  DeliveryReports(MeterRegistry meters, Trail trail, RepeatedEvents repeated) {
    this.meters = meters;
    this.trail = trail;
    this.repeated = repeated;
  }

  void inHand(IntSupplier count) {
    Gauge.builder("sluice.gateway.webhooks.in.hand", count, IntSupplier::getAsInt)
        .description("Deliveries to webhooks that are under way")
        .strongReference(true)
        .register(meters);
  }

  void tried(JobRecord record, Target target, Sender.Answer answer, Tried tried, long nanoseconds) {
    Timer.builder("sluice.gateway.webhooks.tries")
        .description("Tries to tell webhooks, by what came of them")
        .tag("outcome", outcome(tried))
        .tag("problem", problem(tried))
        .register(meters)
        .record(Duration.ofNanos(nanoseconds));
    switch (tried) {
      case Tried.Delivered it ->
          LOG.debug("the webhook of {} at {} was told", record.id(), target.origin());
      case Tried.Retry it ->
          LOG.info(
              "the webhook of {} at {} is tried again in {}: {}",
              record.id(),
              target.origin(),
              it.in(),
              text(answer));
      case Tried.Failed it -> givenUp(record, target, answer, it);
      case Tried.NotTried it -> {
        // It does not count.
      }
    }
  }

  private void givenUp(JobRecord record, Target target, Sender.Answer answer, Tried.Failed tried) {
    LOG.warn("the webhook of {} at {} is given up: {}", record.id(), target.origin(), text(answer));
    AuditEvent event =
        trail
            .event(Action.WEBHOOK_GIVE_UP, Outcome.FAILED)
            .tenant(record.job().tenant())
            .target(record.id().toString())
            .detail("origin", target.origin())
            .detail("cause", tried.problem());
    repeated.add(target, event);
  }

  private static String outcome(Tried tried) {
    return switch (tried) {
      case Tried.Delivered it -> "delivered";
      case Tried.Retry it -> "retry";
      case Tried.Failed it -> "failed";
      case Tried.NotTried it -> "not_tried";
    };
  }

  private static String problem(Tried tried) {
    return switch (tried) {
      case Tried.Retry it -> it.problem();
      case Tried.Failed it -> it.problem();
      case Tried.Delivered it -> "none";
      case Tried.NotTried it -> "none";
    };
  }

  private static String text(Sender.Answer answer) {
    return switch (answer) {
      case Sender.Answer.Status it -> "status " + it.status();
      case Sender.Answer.None it -> it.problem().wireName() + ", " + it.detail();
    };
  }
}
