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

  /**
   * A worker tells what its engines say of the models that they serve, in place of what it told
   * before; kept for as long as it is known. Seldom, unlike {@link #announce}.
   *
   * @param models {@link ModelFacts#MODELS_MAX} at most
   * @return whether there is such a worker
   */
  Future<Boolean> describe(String worker, List<ModelFacts> models);

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
   * @param models as it last described them
   */
  record Member(WorkerReport report, Instant seenAt, Optional<Wish> wish, List<ModelFacts> models) {
    public Member {
      models = List.copyOf(models);
    }

    /** One that described no models. */
    public Member(WorkerReport report, Instant seenAt, Optional<Wish> wish) {
      this(report, seenAt, wish, List.of());
    }
  }
}
