package io.sluice.worker;

import io.sluice.FailureCode;
import io.sluice.Pool;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many requests of a pool one model server failed in a row. One failure may be its job's own
 * doing; a row of them is the server's, which would take one job after the other, and faster than
 * those that work. Safe from any thread.
 */
final class FailureStreaks {
  /** A row of so many says that the server does not work. */
  static final int MOST = 3;

  /** What may be the fault of the job as well as of the server. */
  private static final Set<FailureCode> COUNTED =
      EnumSet.of(
          FailureCode.ENGINE_ERROR,
          FailureCode.ENGINE_PROTOCOL,
          FailureCode.ENGINE_ENDED_EARLY,
          FailureCode.ENGINE_BUSY);

  private final Map<Pool, Integer> rows = new ConcurrentHashMap<>();
  private final Map<Pool, Integer> openings = new ConcurrentHashMap<>();

  /** Whether this failure completes a row; the next one begins anew. */
  boolean completes(Pool pool, FailureCode code) {
    if (!COUNTED.contains(code)) {
      return false;
    }
    return rows.merge(pool, 1, (before, one) -> before % MOST + one) == MOST;
  }

  /**
   * The pool's circuit opens, for whatever failure.
   *
   * @return how often it has before, with no request between that ended well
   */
  int opened(Pool pool) {
    return openings.merge(pool, 1, Integer::sum) - 1;
  }

  /** A request of the pool ended well. */
  void end(Pool pool) {
    rows.remove(pool);
    openings.remove(pool);
  }
}
