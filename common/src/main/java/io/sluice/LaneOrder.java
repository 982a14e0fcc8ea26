package io.sluice;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;

/**
 * Which lane is pulled next. A hint, not a truth: after any loss every lane is looked at again
 * within 5 seconds. Retry lanes come before ready lanes; among lanes of one kind the longest
 * unserved comes first.
 */
public interface LaneOrder {
  /** A message was published to this lane: it is due now, and sleeping workers wake. */
  Future<Void> offered(Lane lane);

  /**
   * The lane to pull next for a worker that serves these pools, or nothing while all of them cool.
   */
  Future<Optional<Turn>> next(Set<Pool> pools);

  /**
   * The lane had nothing: it cools, for 250 ms at first and then twice as long each time, up to 5
   * seconds. Ignored if something was offered there since the turn was given.
   */
  Future<Void> emptied(Turn turn);

  /**
   * Calls {@code wake} soon after something was offered in one of the pools. Wake-ups may be lost
   * or repeated: look once a second besides. {@code wake} must not block.
   */
  Subscription watch(Set<Pool> pools, Runnable wake);

  /**
   * A lane's turn to be pulled.
   *
   * @param stamp the adapter's mark of when it was given
   */
  record Turn(Lane lane, long stamp) {}
}
