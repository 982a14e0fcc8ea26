package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.Pool;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Pools of one model share its process at a server, so they are proven one after the other: what
 * unloads the model for one would take it from under the probe of another, which then seems to hang
 * and unloads it in turn. Safe from any thread.
 */
final class ModelTurns {
  private final Map<String, Turn> turns = new ConcurrentHashMap<>();

  /**
   * Proves a pool while no other of its model is being proven; waits for as long as those take.
   *
   * @return what {@code proof} says: why it is not served, or nothing
   */
  Optional<Failure> prove(Pool pool, Supplier<Optional<Failure>> proof) {
    Turn turn = of(pool);
    turn.lock.lock();
    try {
      Optional<Failure> why = proof.get();
      if (why.isEmpty()) {
        turn.provenAt = Optional.of(System.nanoTime());
      }
      return why;
    } finally {
      turn.lock.unlock();
    }
  }

  /** Whether the model passed for any of its pools after this time of {@link System#nanoTime}. */
  boolean isProvenSince(Pool pool, long nanos) {
    return of(pool).provenAt.filter(at -> at - nanos > 0).isPresent();
  }

  private Turn of(Pool pool) {
    return turns.computeIfAbsent(pool.model(), model -> new Turn());
  }

  private static final class Turn {
    private final ReentrantLock lock = new ReentrantLock(true);
    private volatile Optional<Long> provenAt = Optional.empty();
  }
}
