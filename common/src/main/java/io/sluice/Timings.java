package io.sluice;

import java.time.Duration;
import java.util.Optional;

/**
 * Where the time of an answer went, by the engine's own word where it says any of it; else as the
 * worker saw it, which is the way to the engine and back too, and its queue. Nothing is known of
 * what is empty.
 *
 * @param total from the request to its last token
 * @param load until the model was in memory
 * @param prompt reading the prompt; as a worker sees it, until the first piece
 * @param completion generating; as a worker sees it, from the first piece on
 */
public record Timings(
    Optional<Duration> total,
    Optional<Duration> load,
    Optional<Duration> prompt,
    Optional<Duration> completion) {

  /** Whether anything is. */
  public boolean isKnown() {
    return total.isPresent() || load.isPresent() || prompt.isPresent() || completion.isPresent();
  }

  /** As seen from outside, where nobody knows what was loading. */
  public static Timings seen(Duration untilFirst, Duration total) {
    return new Timings(
        Optional.of(total),
        Optional.empty(),
        Optional.of(untilFirst),
        Optional.of(total.minus(untilFirst)));
  }
}
