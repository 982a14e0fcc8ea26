package io.sluice.gateway.held;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted and timed of held requests. */
final class HeldMeters {
  private final MeterRegistry meters;
  private final AtomicInteger held = new AtomicInteger();

  HeldMeters(MeterRegistry meters) {
    this.meters = meters;
    Gauge.builder("sluice.gateway.held", held, AtomicInteger::get)
        .description("Requests whose clients wait for a job on their connection")
        .register(meters);
  }

  /** How it ended for a client. */
  enum Outcome {
    ANSWERED,
    /** Its job failed, expired, or was cancelled by somebody else. */
    FAILED,
    /** The client went away. */
    DROPPED,
    /** A worker was lost in the middle of the answer. */
    INTERRUPTED,
    /** Its credential does not hold any longer. */
    DISMISSED,
    /** The gateway was stopped. */
    STOPPED,
    /** Nothing was heard of its job until long after its time. */
    LATE
  }

  void begun() {
    held.incrementAndGet();
  }

  void ended(String surface, Outcome outcome) {
    held.decrementAndGet();
    meters
        .counter(
            "sluice.gateway.held.ended",
            "surface",
            surface,
            "outcome",
            outcome.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** What the queue adds to the time to the first token. */
  void queued(String surface, Duration waited) {
    meters.timer("sluice.gateway.held.queued", "surface", surface).record(waited);
  }

  /** From the acceptance of a job to its first piece. */
  void firstPiece(String surface, Duration after) {
    meters.timer("sluice.gateway.held.first", "surface", surface).record(after);
  }
}
