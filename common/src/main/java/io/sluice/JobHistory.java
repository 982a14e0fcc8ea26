package io.sluice;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What befell a job, step by step, so that it can be told what held it and for how long. Each step
 * is written in the same step of the store that moves the job ({@link Admission}, {@link Leases},
 * {@link JobStore}), by the store's clock, and lives as long as the record.
 */
@FunctionalInterface
public interface JobHistory {
  /** No job keeps more steps than this; of a longer history the middle is left out. */
  int STEPS_MAX = 64;

  /** The first steps of a history, which are kept whatever comes. */
  int FIRST_STEPS = 8;

  /**
   * The steps in the order in which they were written.
   *
   * @param owner the tenant that asks: a job of another one has no steps, like one that does not
   *     exist. Without it they are told whosever it is.
   */
  Future<List<Step>> steps(JobId id, Optional<String> owner);
}
