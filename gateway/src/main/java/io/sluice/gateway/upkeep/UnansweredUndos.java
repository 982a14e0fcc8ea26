package io.sluice.gateway.upkeep;

import io.sluice.gateway.submit.Unanswered;
import java.time.Duration;

/** Undoes the admissions that nobody saw answered, as soon as the store answers again. */
public final class UnansweredUndos {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Unanswered unanswered;

  public UnansweredUndos(Unanswered unanswered) {
    this.unanswered = unanswered;
  }

  public Repeated repeated() {
    return new Repeated("unanswered-undos", PAUSE, () -> Answer.of(unanswered.undo()));
  }
}
