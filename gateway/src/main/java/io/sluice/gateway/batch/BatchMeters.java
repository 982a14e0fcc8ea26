package io.sluice.gateway.batch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What becomes of batches and of their requests. */
final class BatchMeters {
  private final MeterRegistry meters;
  private final Counter completed;
  private final Counter failed;

  BatchMeters(MeterRegistry meters) {
    this.meters = meters;
    this.completed = lines("completed");
    this.failed = lines("failed");
  }

  private Counter lines(String result) {
    return Counter.builder("sluice.gateway.batch.lines")
        .description("Requests of batches that have ended")
        .tag("result", result)
        .register(meters);
  }

  void answered(boolean good) {
    (good ? completed : failed).increment();
  }

  void ended(BatchStatus status) {
    Counter.builder("sluice.gateway.batches")
        .description("Batches that have ended")
        .tag("status", status.wireName())
        .register(meters)
        .increment();
  }
}
