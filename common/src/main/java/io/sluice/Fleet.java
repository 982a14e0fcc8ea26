package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The workers that there are, and what an operator wishes of each. A view for people and no truth
 * that jobs depend on: a worker that is not heard of is forgotten, and runs its jobs all the same.
 */
public interface Fleet {
  /**
   * A worker tells of itself, for {@code life} from now.
   *
   * @return what is wished of it; nothing where nobody wished anything, or the wish was lost: the
   *     worker then stays as it is
   */
  Future<Optional<Wish>> announce(WorkerReport report, Duration life);

  /** A worker has ended. Nothing is wished of it any more. */
  Future<Void> leave(String worker);

  /** All that are known, by their ids. */
  Future<List<Member>> all();

  /**
   * Wishes something of a worker, in place of what was wished before; it hears of it when it next
   * tells of itself.
   *
   * @return whether there is such a worker
   */
  Future<Boolean> wish(String worker, Wish wish);

  /** What a worker is to do. */
  sealed interface Wish {
    /** Pull jobs. */
    record Serve() implements Wish {}

    /**
     * Pull nothing more, and give back what has not ended within this time after the worker heard
     * of it. The worker then waits without jobs.
     */
    record Drain(Duration within) implements Wish {
      public static final Duration WITHIN_MAX = Duration.ofHours(1);

      public Drain {
        if (within.isNegative() || within.compareTo(WITHIN_MAX) > 0) {
          throw new IllegalArgumentException("within " + within + ": not in 0..1h");
        }
      }
    }
  }

  /**
   * A worker as it was last heard of.
   *
   * @param seenAt by the clock of the store
   */
  record Member(WorkerReport report, Instant seenAt, Optional<Wish> wish) {}
}
