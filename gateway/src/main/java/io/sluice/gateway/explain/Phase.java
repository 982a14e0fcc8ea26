package io.sluice.gateway.explain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A stretch of a job's life.
 *
 * @param until empty while it goes on
 * @param seen when it ended, or when it was looked at
 * @param attempt the attempt that ran in it, or failed before it
 * @param worker who ran it, or was lost
 * @param code why the attempt before it failed
 * @param detail a sentence or two; may be empty
 */
record Phase(
    Kind kind,
    Instant from,
    Optional<Instant> until,
    Instant seen,
    Optional<Integer> attempt,
    Optional<String> worker,
    Optional<String> code,
    String detail) {

  Duration length() {
    return Duration.between(from, seen);
  }

  /** What may hold a job: a closed choice. */
  enum Kind {
    ADMITTED("being taken in"),
    SMOOTHED("held back, so that a burst of its session is smoothed"),
    PUBLISHED("on its way into the queue"),
    WAITED("waiting in its lane"),
    WAITED_BEHIND_OWN("behind other jobs of its lane"),
    WAITED_AT_BOUND("first of its lane, while its tenant ran as many jobs as may run at once"),
    WAITED_FOR_TURN("first of its lane, until its turn came"),
    WAITED_FOR_ANSWER("waiting for the answer of an identical job"),
    ANSWERED("being answered"),
    RAN("running"),
    PAUSED("pausing before another attempt"),
    WAITED_AGAIN("waiting for another attempt"),
    WORKER_LOST("without a worker, since the one that ran it was lost"),
    CANCELLING("until its worker had stopped"),
    LEFT_OUT("in steps that are not kept any more"),
    UNKNOWN("of which nothing is known, since the store lost its history"),
    ENDED("");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** What it did, behind a number of seconds. */
    String words() {
      return words;
    }

    String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
