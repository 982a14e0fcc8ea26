package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.Pool;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether jobs of a pool go to an engine, in the words of circuit breakers.
 *
 * @param engine what it is called in logs and metrics
 * @param why jobs do not: of the last probe, or of the job that opened the circuit; empty where it
 *     is closed, or the first probe has no answer yet
 */
public record Circuit(String engine, Pool pool, State state, Optional<Failure> why) {

  /** A closed list, in the order of {@code sluice_worker_engine_circuit}. */
  public enum State {
    /** Jobs go through. */
    CLOSED,
    /** A probe is under way, and nothing else goes through. */
    HALF_OPEN,
    /** Nothing goes through until the next probe. */
    OPEN;

    /** The name in health and logs: {@code half_open}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  Circuit becomes(State next) {
    return new Circuit(engine, pool, next, next == State.CLOSED ? Optional.empty() : why);
  }

  Circuit opens(Failure reason) {
    return new Circuit(engine, pool, State.OPEN, Optional.of(reason));
  }
}
