package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;

/**
 * May this job come in? One atomic decision over the idempotency key, every bound, and the new
 * record, made before anything is published. The bounds are given to the adapter when it is made.
 */
public interface Admission {
  /** Decides, and on {@link Decision.Admitted} has created the record, queued and unpublished. */
  Future<Decision> admit(Job job);

  /** The queue confirmed these jobs. Unknown ids are ignored: the mark may come after the end. */
  Future<Void> published(Collection<JobId> ids);

  /**
   * The job is certainly not in the queue: removes its record, frees its idempotency key and its
   * place. Only an unpublished, never started job is removed; anything else is left as it is.
   */
  Future<Void> undo(JobId id);

  /**
   * Gives back the places of records that are still unpublished after {@code age}; the records
   * stay, since their messages may yet be delivered.
   *
   * @param limit the most records to look at
   * @return how many places were given back
   */
  Future<Integer> refundUnpublished(Duration age, int limit);

  /**
   * How many jobs may wait.
   *
   * @param waitingPerTenant jobs of one tenant that are queued and have not started
   * @param waitingInTotal the same over all tenants
   */
  record Bounds(int waitingPerTenant, int waitingInTotal) {
    public static final Bounds DEFAULT = new Bounds(20_000, 100_000);
  }

  /** What admission decided. */
  sealed interface Decision {
    /** Go on and publish. */
    record Admitted() implements Decision {}

    /** The same submission came before; this is its job as it stands. */
    record Replayed(JobRecord record) implements Decision {}

    /** The key was used for another submission. */
    record KeyReused(JobId holder) implements Decision {}

    /** A bound is reached; nothing was charged. */
    record Refused(Limit limit, int bound, Duration retryAfter) implements Decision {}
  }

  /** The bounds that can refuse a job. */
  enum Limit {
    WAITING_PER_TENANT,
    WAITING_IN_TOTAL
  }
}
