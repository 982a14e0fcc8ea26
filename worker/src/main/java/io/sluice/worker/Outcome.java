package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.Usage;
import java.time.Duration;

/** What became of one attempt, before anybody decided what becomes of the job. */
sealed interface Outcome {
  /**
   * The engine said {@code done}.
   *
   * @param reading how long it took to read the prompt: by its own word, else to the first piece
   */
  record Answered(boolean lengthReached, Usage usage, Duration reading) implements Outcome {}

  record Failed(Failure why) implements Outcome {}

  /** It was stopped from outside. */
  record Stopped(Stop why) implements Outcome {}

  /** Why an attempt is stopped from outside. */
  enum Stop {
    /** Its owner wants no answer any more. */
    CANCELLED,
    /** Somebody else holds or ended the job. */
    FENCED,
    /** The worker stops. */
    DRAINED,
    /** The engine was lost under it and others. */
    ENGINE_LOST,
    /** The engine stopped to serve its pool before it began. */
    UNSERVED
  }
}
