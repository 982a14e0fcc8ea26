package io.sluice;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * The transport of jobs: says that a job exists, never what became of it. Delivers at least once.
 *
 * <p>Durable: what was {@link Publish#CONFIRMED} survives a kill -9 of every process, the queue's
 * own included. Bounded by admission, not by the queue.
 */
public interface JobQueue {
  /** Adds a message to a lane. Completes within 2 seconds plus the time to connect. */
  Future<Publish> publish(Lane lane, JobMessage message);

  /**
   * Hands out the oldest message of a lane, or nothing if there is none. The message is out of the
   * lane until it is settled; if its holder dies it comes back, marked {@link
   * Delivery#redelivered}. One that was handed out more than 20 times without being settled moves
   * to {@link Lane.Aside#POISON}. A message that cannot be read moves to {@link Lane.Aside#DEAD}
   * and is not handed out.
   */
  Future<Optional<Delivery>> pull(Lane lane);

  /** How many messages wait in a lane, not counting those handed out. May lag by some seconds. */
  Future<Long> waiting(Lane lane);

  /** What became of a publication. */
  enum Publish {
    /** Stored durably. */
    CONFIRMED,
    /** Certainly not stored: no such lane, refused, or the queue takes nothing at present. */
    REFUSED,
    /** No answer within the deadline: it may be stored, and may yet be delivered. */
    UNKNOWN
  }
}
