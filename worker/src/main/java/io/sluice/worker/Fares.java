package io.sluice.worker;

import io.sluice.Cost;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.LaneOrder;
import io.sluice.LaneOrder.Turn;
import io.sluice.Pool;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * What the turns of this worker cost, and which classes it has room for. Costs are estimated with
 * the mean length of the outputs that it has seen of the pool and class.
 */
final class Fares {
  /**
   * Before an output was seen, rather too short: a tenant that comes meanwhile begins at the
   * counters as they stand. By a guess that is too long it stands behind by the difference for
   * every job that runs, which may be dozens of its own; by one that is too short it is ahead by as
   * many jobs as run.
   */
  private static final double FIRST_MEAN = 16;

  private static final double KEPT = 0.9;

  private final LaneOrder order;
  private final IntSupplier slots;
  private final Map<Kind, Double> outputs = new ConcurrentHashMap<>();
  private int batch; // guarded by this

  Fares(LaneOrder order, IntSupplier slots) {
    this.order = order;
    this.slots = slots;
  }

  private record Kind(Pool pool, JobClass jobClass) {
    static Kind of(Job job) {
      return new Kind(job.pool(), job.jobClass());
    }
  }

  /**
   * The classes to ask for. With batch among them a place for one batch job is taken, until {@link
   * #leaveBatch}: batch leaves one slot free for interactive jobs where there are two or more.
   */
  synchronized Set<JobClass> classes() {
    int most = Math.max(1, slots.getAsInt() - 1);
    if (batch >= most) {
      return EnumSet.of(JobClass.INTERACTIVE);
    }
    batch++;
    return EnumSet.allOf(JobClass.class);
  }

  synchronized void leaveBatch() {
    batch--;
  }

  /** The fare of a job that was pulled in this turn. */
  Fare of(Turn turn, Job job) {
    double mean = outputs.getOrDefault(Kind.of(job), FIRST_MEAN);
    return new Fare(this, turn, job, Cost.estimate(job, Math.round(mean)));
  }

  /** How long an output became. */
  void made(Job job, long tokens) {
    outputs.merge(Kind.of(job), (double) tokens, (old, fresh) -> KEPT * old + (1 - KEPT) * fresh);
  }

  LaneOrder order() {
    return order;
  }
}
