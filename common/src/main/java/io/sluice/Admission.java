package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * May this job come in? One atomic decision over the idempotency key, every bound, and the new
 * record, made before anything is published. The bounds are given to the adapter when it is made.
 */
public interface Admission {
  /** The longest that {@link Limit#SESSION_REQUESTS_PER_SECOND} holds a request back. */
  Duration SMOOTHING_MAX = Duration.ofSeconds(5);

  /**
   * Decides, and on {@link Decision.Admitted} has created the record, queued and unpublished, and
   * charged every limit: a request, and the tokens that the job may cost at most. What is charged
   * is settled with what was used when the job ends; a refusal charges nothing, and {@link #undo}
   * gives everything back. Sent again with the same job, it charges nothing more and answers with
   * the levels as they are.
   *
   * <p>Per minute means any 60 seconds, by the store's clock, in buckets of half a second: never
   * more than the bound, and at most 1 % less.
   *
   * <p>In the same step the job gets its {@link Ticket}. A tenant with no job waiting in that pool
   * and class leases a lane of its own: the one that it had last if that is free, else the lowest
   * free one, else it shares one. The lease ends when it has no job waiting there.
   *
   * <p>A job whose answer is known (see {@link Sharing}) is {@link Decision.Answered}: its record
   * is made and ended in the same step. It is charged a request and no tokens, takes no waiting
   * place, and is not slowed.
   */
  Future<Decision> admit(Entry entry);

  /** Decides with no limits but the adapter's own. */
  default Future<Decision> admit(Job job) {
    return admit(new Entry(job, Limits.NONE));
  }

  /**
   * A job that wants to come in.
   *
   * @param limits those of its tenant, the installation's standard included
   * @param weight its tenant's
   * @param forecast what was foretold of its wait; kept, and held against its actual start
   * @param sharing with which other jobs it shares its answer; empty for none
   */
  record Entry(
      Job job, Limits limits, int weight, Optional<Forecast> forecast, Optional<Sharing> sharing) {
    public Entry(Job job, Limits limits, int weight, Optional<Forecast> forecast) {
      this(job, limits, weight, forecast, Optional.empty());
    }

    public Entry(Job job, Limits limits) {
      this(job, limits, 1, Optional.empty());
    }
  }

  /**
   * What {@link #admit} would say of a job whose idempotency key is held: {@link Decision.Replayed}
   * or {@link Decision.KeyReused}. Empty where the key is free, or the job has none; nothing is
   * decided or charged then.
   */
  Future<Optional<Decision>> replay(Job job);

  /** The queue confirmed these jobs. Unknown ids are ignored: the mark may come after the end. */
  Future<Void> published(Collection<JobId> ids);

  /**
   * The job is certainly not in the queue: removes its record, frees its idempotency key and its
   * place. Only an unpublished, never started job is removed; anything else is left as it is, and
   * so is one that was {@link Decision.Replayed}, since who replayed it may publish it. So an undo
   * may come late.
   */
  Future<Void> undo(JobId id);

  /**
   * Gives back the places and charges of records that are still unpublished after {@code age}; the
   * records stay, since their messages may yet be delivered: their claim charges them again.
   *
   * @param limit the most records to look at
   * @return how many places were given back
   */
  Future<Integer> refundUnpublished(Duration age, int limit);

  /**
   * How many jobs may wait, and for how long.
   *
   * @param waitingPerTenant jobs of one tenant that are queued and have not started
   * @param waitingInTotal the same over all tenants
   * @param waitTarget within what time interactive jobs should start: while they do not, limits
   *     tighten; zero where any wait will do, and the pressure is always 0
   */
  record Bounds(int waitingPerTenant, int waitingInTotal, Duration waitTarget) {
    public static final Bounds DEFAULT = new Bounds(20_000, 100_000);

    public Bounds(int waitingPerTenant, int waitingInTotal) {
      this(waitingPerTenant, waitingInTotal, Duration.ZERO);
    }

    /** The same as limits, for where a tenant's say nothing. */
    public Limits limits() {
      return new Limits(
          Map.of(
              Limit.TENANT_WAITING_JOBS,
              (long) waitingPerTenant,
              Limit.WAITING_JOBS,
              (long) waitingInTotal),
          Set.of());
    }
  }

  /** What admission decided. */
  sealed interface Decision {
    /** Go on and publish to the lane of the ticket, after the delay that the standing names. */
    record Admitted(Standing standing, Ticket ticket) implements Decision {}

    /** It is accepted and has completed, with the answer of another job: publish nothing. */
    record Answered(Standing standing, JobRecord record) implements Decision {}

    /** The same submission came before; this is its job as it stands. */
    record Replayed(JobRecord record) implements Decision {}

    /** The key was used for another submission. */
    record KeyReused(JobId holder) implements Decision {}

    /** At least one limit is reached; nothing was charged. */
    record Refused(Standing standing) implements Decision {}
  }

  /**
   * How a submission stands with its limits.
   *
   * @param levels one for each limit that has a number
   * @param delay how long to hold the job back before it is published, so that a burst is smoothed;
   *     zero to {@link #SMOOTHING_MAX}
   * @param pressure of the job's pool: 0 while interactive jobs start in time; up to 1 the tenants
   *     over their share are slowed, up to 2 all are
   */
  record Standing(List<Level> levels, Duration delay, double pressure) {
    public static final Standing NONE = new Standing(List.of(), Duration.ZERO, 0);

    public Standing {
      levels = List.copyOf(levels);
    }

    /** The limits that refused it. */
    public List<Level> exceeded() {
      return levels.stream().filter(level -> level.verdict() == Verdict.EXCEEDED).toList();
    }
  }

  /**
   * One limit after this decision.
   *
   * @param bound the number that applied, tightened under pressure
   * @param remaining what is left of it
   * @param reset when all of it is there again, if nothing more is asked
   * @param retryAfter when this job would pass; zero if it passes; empty if it never fits the bound
   */
  record Level(
      Limit limit,
      long bound,
      long remaining,
      Duration reset,
      Verdict verdict,
      Optional<Duration> retryAfter) {}

  /** What one limit said. */
  enum Verdict {
    WITHIN,
    EXCEEDED,
    /** Exceeded in shadow mode: reported, not charged, not enforced. */
    SHADOWED
  }
}
