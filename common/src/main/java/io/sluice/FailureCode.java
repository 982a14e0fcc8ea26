package io.sluice;

import java.util.Locale;

/**
 * Why an attempt or a job failed: one closed list. Foreign errors are translated into it once, at
 * the adapter's edge. Each says whether another attempt can help, on whose account the failure
 * goes, and the HTTP status that a held request would get.
 */
public enum FailureCode {
  /** The engine counted more tokens than its context holds. */
  CONTEXT_LENGTH_EXCEEDED(Blame.JOB, false, 422),
  /** The engine refused the request: bad option, unsupported capability. */
  INVALID_REQUEST(Blame.JOB, false, 422),
  /** One attempt took longer than the job's timeout. Another one would too. */
  ATTEMPT_TIMEOUT(Blame.JOB, false, 504),
  /** The same text again and again. */
  RUNAWAY_REPETITION(Blame.JOB, false, 502),
  /** More thinking than the worker allows, and no end of it. */
  RUNAWAY_THINKING(Blame.JOB, false, 502),
  /** More output than a log holds, or one event beyond the engine's own limit. */
  OUTPUT_TOO_LARGE(Blame.JOB, false, 502),
  /** The engine's stream ended with status 200 and without {@code done:true}. */
  ENGINE_ENDED_EARLY(Blame.JOB, true, 502),
  /** The engine sent what is not its protocol. */
  ENGINE_PROTOCOL(Blame.JOB, true, 502),
  /** The engine reported an error that says nothing more. */
  ENGINE_ERROR(Blame.JOB, true, 502),

  /** No first token within the deadline: the engine hangs, perhaps because of this job. */
  FIRST_TOKEN_TIMEOUT(Blame.SUSPECT, true, 504),
  /** The engine fell silent in the middle of an answer. */
  TOKEN_TIMEOUT(Blame.SUSPECT, true, 504),
  /** The engine's runner died under the job. */
  ENGINE_CRASHED(Blame.SUSPECT, true, 502),
  /** The engine ran out of memory. */
  ENGINE_OUT_OF_MEMORY(Blame.SUSPECT, true, 502),
  /** The worker that held the job died. */
  WORKER_LOST(Blame.SUSPECT, true, 502),

  /** The engine did not accept the connection, or cut it before it answered. */
  ENGINE_UNREACHABLE(Blame.INFRASTRUCTURE, true, 503),
  /** The engine's own queue was full. */
  ENGINE_BUSY(Blame.INFRASTRUCTURE, true, 503),
  /** The engine is still loading the model, or gave up loading it. */
  ENGINE_LOADING(Blame.INFRASTRUCTURE, true, 503),
  /** The engine does not have the model of the pool that its worker serves. */
  ENGINE_MODEL_MISSING(Blame.INFRASTRUCTURE, true, 503),
  /** The engine hung or died under several jobs, and another one answers for it. */
  ENGINE_LOST(Blame.INFRASTRUCTURE, true, 503),
  /** The engine cannot let go of a model that it was told to unload. Only its restart helps. */
  ENGINE_STUCK(Blame.INFRASTRUCTURE, true, 503),
  /** The engine keeps a part of the model outside the GPU, or loaded it with another context. */
  ENGINE_MISPLACED(Blame.INFRASTRUCTURE, true, 503),
  /** The worker is being stopped; the job goes back unharmed. */
  WORKER_DRAINING(Blame.INFRASTRUCTURE, true, 503),

  /** Three workers or engines were lost under it, or the broker gave up handing it out. */
  POISON(Blame.JOB, false, 502),
  /** {@code finish_by} passed without an end. */
  LOST(Blame.INFRASTRUCTURE, false, 504),
  /** After the store lost its records, another job was found to hold this one's idempotency key. */
  SUPERSEDED(Blame.INFRASTRUCTURE, false, 409);

  /** On whose account a failed attempt goes. */
  public enum Blame {
    /** Counted by the job's {@link RetryPolicy}. */
    JOB,
    /** Something broke under the job: three of these make it {@link #POISON}. */
    SUSPECT,
    /** Costs the job nothing. */
    INFRASTRUCTURE
  }

  private final Blame blame;
  private final boolean retryable;
  private final int httpStatus;

  FailureCode(Blame blame, boolean retryable, int httpStatus) {
    this.blame = blame;
    this.retryable = retryable;
    this.httpStatus = httpStatus;
  }

  public Blame blame() {
    return blame;
  }

  public boolean retryable() {
    return retryable;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** The name on the wire: {@code engine_busy}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
