package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who holds which {@link Lane.Warm}, and takes jobs from it. A hint, not a lock: what two workers
 * pull from one lane, or nobody does, runs all the same.
 */
public interface WarmLanes {
  /** How long a sign of life counts; to be renewed every second. */
  Duration SIGN = Duration.ofSeconds(3);

  /**
   * A sign of life of a worker that takes jobs; it gives the worker a lane, if one is free.
   *
   * @param expectedWait for a slot there, if that is known
   */
  Future<Presence> present(String worker, Optional<Duration> expectedWait);

  /** The worker takes no jobs any more; its lane is free. Harmless if it had none. */
  Future<Void> leave(String worker);

  /**
   * Asks whether a message may be put into a lane for so long. Not where nobody holds the lane, or
   * where a message may stay there for longer, behind which it could not come back in time.
   */
  Future<Boolean> reserve(int lane, Duration within);

  /** The message is there: its worker wakes. */
  Future<Void> handed(String worker);

  /**
   * Calls {@code wake} soon after something was handed to the worker. Wake-ups may be lost: {@link
   * #present} says so besides. {@code wake} must not block.
   */
  Subscription watch(String worker, Runnable wake);

  /**
   * What a worker has.
   *
   * @param lane the number of its lane; none where all are taken
   * @param waits whether something may wait in it
   */
  record Presence(OptionalInt lane, boolean waits) {
    public static final Presence NONE = new Presence(OptionalInt.empty(), false);
  }
}
