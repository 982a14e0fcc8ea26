package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * A message in the hands of a worker. It settles exactly once: the first of the four endings wins,
 * a second one fails with {@link IllegalStateException} and changes nothing. {@link #retry} alone
 * may be asked again after it failed. Safe from any thread.
 *
 * <p>A settlement that is lost with its connection is not reported: the message comes back, and the
 * store tells that its job has moved on.
 */
public interface Delivery {
  JobMessage message();

  Lane lane();

  /** Whether it may have been handed out before. */
  boolean redelivered();

  /** The job ended, or another message stands for it: the message is gone. */
  Future<Void> done();

  /**
   * Publishes the job anew so that it reaches its retry lane after about {@code after}, then drops
   * this message. Fails with {@link Unavailable}, unsettled, if the new message was not confirmed.
   *
   * @param attempt the number that the new message carries
   */
  Future<Void> retry(int attempt, Duration after);

  /** Moves the message to {@link Lane.Aside#DEAD} with a reason for a person to read. */
  Future<Void> dead(String reason);

  /** Gives the message back unharmed, for another worker; only while draining. */
  Future<Void> release();
}
