package io.sluice;

import java.time.Duration;

/**
 * What a process tells the outside about its jobs: logs, metrics and tests listen here. Called on
 * any thread, after the fact; must not block or throw.
 */
public interface JobListener {
  JobListener NONE = new JobListener() {};

  /** A job was accepted. */
  default void submitted(Job job) {}

  /** A submission was refused, with the problem's code. */
  default void refused(String tenant, String code) {}

  /** A turn of a conversation was given the slot where it runs. */
  default void placed(Job job, Warmth warmth) {}

  /** An attempt began, this long after the job was created. */
  default void started(JobRecord record, Duration waited) {}

  /** The first token arrived, this long after the attempt began. */
  default void firstToken(Job job, Duration after) {}

  /** An attempt failed and there will be another one. */
  default void retried(Job job, int attempt, Failure why) {}

  /** A worker found that one of its engines does not serve a pool; told at each failed probe. */
  default void unserved(String engine, Pool pool, Failure why) {}

  /** A worker ended a job. */
  default void ended(Job job, int attempt, Ending ending, Duration ran) {}

  /** A job was ended from outside. */
  default void ended(JobId id, JobState state) {}

  /** A submission that may share answers found none and goes on to run. */
  default void missed(Job job) {}

  /**
   * A job completed with the answer of another one.
   *
   * @param savedTokens what that one's run cost
   */
  default void answered(JobId id, Cached.How how, int savedTokens) {}

  /** Whether a turn runs where its conversation's prompt is in the cache. */
  enum Warmth {
    /** It does, at once. */
    HIT,
    /** It does, and has waited for that. */
    WAITED,
    /** It is warm somewhere, and the turn runs elsewhere. */
    MISSED,
    /** It is warm at another worker, which the turn was given to. */
    HANDED,
    /** Nobody knows of the conversation. */
    NEW
  }
}
