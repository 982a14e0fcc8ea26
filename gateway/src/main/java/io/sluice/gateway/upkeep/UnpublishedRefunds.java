package io.sluice.gateway.upkeep;

import io.sluice.Admission;
import java.time.Duration;

/** Gives back the places of submissions that the queue never confirmed. */
public final class UnpublishedRefunds {
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration AGE = Duration.ofSeconds(60);
  private static final int RECORDS_MAX = 500;

  private final Admission admission;

  public UnpublishedRefunds(Admission admission) {
    this.admission = admission;
  }

  public Repeated repeated() {
    return new Repeated("unpublished-refunds", PAUSE, this::round);
  }

  void round() throws InterruptedException {
    Answer.of(admission.refundUnpublished(AGE, RECORDS_MAX));
  }
}
