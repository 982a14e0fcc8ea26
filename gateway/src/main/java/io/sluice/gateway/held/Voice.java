package io.sluice.gateway.held;

import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.LoggedEvent;
import io.sluice.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;

/**
 * Tells one client of one job, in the bytes of its protocol. Whatever it makes is sent, in order.
 * Used by the event loop of the request only.
 */
public interface Voice {
  /** Of the answer. */
  String contentType();

  /** Said first of all; may be empty. */
  default Buffer begin() {
    return Buffer.buffer();
  }

  /** Said while there is nothing to say; never empty, and harmless to every client. */
  Buffer beat();

  /**
   * An event that says nothing: the start of an attempt, or what is void before anything was said.
   */
  default void passed(LoggedEvent logged) {}

  /**
   * Whether it can go on when another attempt repeats what was told, of which it then hears the
   * rest only.
   */
  default boolean canGoOn() {
    return true;
  }

  /** A piece of the answer. */
  Buffer text(JobEvent.Token piece);

  /** A piece of thinking; may be empty. */
  Buffer thinking(JobEvent.Thinking piece);

  /** A whole call of a tool. */
  Buffer toolCall(JobEvent.ToolCall call);

  /** The last words, of a job that completed, or ended at its limit. */
  Buffer end(JobRecord ended);

  /** The last words, where there will be no more; the answer is not whole. */
  Buffer failure(Problem why);

  /** The last words, of a job that ended without an answer. */
  default Buffer failure(Problem why, JobRecord ended) {
    return failure(why);
  }
}
