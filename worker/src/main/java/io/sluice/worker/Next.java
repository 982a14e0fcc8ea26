package io.sluice.worker;

import java.time.Duration;
import java.time.Instant;

/** What a run does next with its message: a closed choice. */
sealed interface Next {
  /** Settle it: the job has ended. */
  record Done() implements Next {}

  /** Claim the job, again. */
  record Again() implements Next {}

  /** Keep it, parked, until then; another worker holds the job. */
  record Park(Instant until) implements Next {}

  /** Try again after a wait: parked if it is short, else by the retry ladder. */
  record Later(Duration delay) implements Next {}

  /** Give it back: the worker stops. */
  record Release() implements Next {}
}
