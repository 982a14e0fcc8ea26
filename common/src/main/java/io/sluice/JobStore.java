package io.sluice;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * The truth on state and results, for everybody but the worker that runs the job (see {@link
 * Leases}). Records live until 24 hours after the later of their end and their {@code finish_by}.
 * Whoever ends a job from outside raises its fence first, in the same step, so that a holder's late
 * writes are refused; each ending also writes the {@code end} event.
 */
public interface JobStore {
  /**
   * What is known of a job.
   *
   * @param owner the tenant that asks: a job of another one is looked up like one that does not
   *     exist, in the same time. Without it the job is found whosever it is.
   */
  Future<Lookup> find(JobId id, Optional<String> owner);

  /** What is known of a job, whosever it is. */
  default Future<Lookup> find(JobId id) {
    return find(id, Optional.empty());
  }

  /** A page of a tenant's jobs, newest first. */
  Future<Page> list(Query query);

  /** Asks for a job's end: at once if it is queued, through its holder if it runs. Idempotent. */
  Future<Cancellation> cancel(JobId id);

  /**
   * Ends a job from outside, whatever holds it.
   *
   * @return whether it had not ended before; false also if there is no such job
   */
  Future<Boolean> end(JobId id, Ending ending);

  /**
   * Ends what nobody else will: queued and never started past {@code start_by} → expired;
   * cancelling with a dead lease → cancelled; not ended past {@code finish_by} → failed (lost).
   * Deletes records past their life. Cheap when nothing is due; any number of gateways may call it.
   *
   * @param limit the most jobs to look at
   * @return what was ended; and what was answered by another job's run since ({@link
   *     Cached.How#JOINED}), which ended then. Of those none is told twice, and one may be left out
   *     if the answer to this call is lost.
   */
  Future<List<Ended>> sweep(int limit);

  /** What is known of an id. */
  sealed interface Lookup {
    record Found(JobRecord record) implements Lookup {}

    /** No such job, or past its life. */
    record Absent() implements Lookup {}

    /** The store lost its records and is being rebuilt: the job may yet turn up. */
    record Recovering() implements Lookup {}
  }

  /**
   * @param after only jobs older than this one; newest first without it
   * @param limit 1 to 100
   */
  record Query(String tenant, Optional<JobState> state, Optional<JobId> after, int limit) {}

  /**
   * @param next the id to give as {@code after} for the next page, where there may be more. A page
   *     may hold fewer than the limit, even none, and still have a next one.
   */
  record Page(List<JobRecord> jobs, Optional<JobId> next) {}

  /** What became of a request to cancel. */
  sealed interface Cancellation {
    /** It was waiting and is cancelled now. */
    record Cancelled(JobRecord record) implements Cancellation {}

    /** It runs; its holder has been told, or will be within 3 seconds. */
    record Cancelling(JobRecord record) implements Cancellation {}

    /** It had ended before. */
    record AlreadyEnded(JobRecord record) implements Cancellation {}

    record Unknown(Lookup lookup) implements Cancellation {}
  }

  /**
   * @param savedTokens what the run cost whose answer it got; 0 if it got none
   */
  record Ended(JobId id, JobState state, int savedTokens) {
    public Ended(JobId id, JobState state) {
      this(id, state, 0);
    }
  }
}
