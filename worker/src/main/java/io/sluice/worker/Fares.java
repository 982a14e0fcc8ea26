package io.sluice.worker;

import io.sluice.Cost;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.LaneOrder;
import io.sluice.LaneOrder.Turn;
import io.sluice.Pool;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
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
  private static final Set<JobClass> ANY = Set.of(JobClass.values());

  private final LaneOrder order;
  private final IntSupplier slots;
  private final IntSupplier free;
  private final InstantSource clock;
  private final Map<Kind, Double> outputs = new ConcurrentHashMap<>();

  // Guarded by this.
  private final Reserve reserve = new Reserve();
  private int batch;
  private int asksForInteractive;

  /**
   * @param slots of the worker
   * @param free those of them that nobody holds
   */
  Fares(LaneOrder order, IntSupplier slots, IntSupplier free, InstantSource clock) {
    this.order = order;
    this.slots = slots;
    this.free = free;
    this.clock = clock;
  }

  private record Kind(Pool pool, JobClass jobClass) {
    static Kind of(Job job) {
      return new Kind(job.pool(), job.jobClass());
    }
  }

  /**
   * What somebody may ask for who holds a slot.
   *
   * @param classes with batch among them a place for one batch job is taken
   * @param keptFree whether batch leaves this slot free
   */
  record Ask(Set<JobClass> classes, boolean keptFree) {
    private boolean isForInteractive() {
      return keptFree || !classes.contains(JobClass.BATCH);
    }
  }

  /**
   * What to ask for, until {@link #answered}. Batch leaves slots free for interactive jobs where
   * there are two or more: those that nobody holds count, and those that others hold who ask for
   * interactive jobs.
   */
  synchronized Ask ask() {
    int total = slots.getAsInt();
    Ask ask;
    if (batch >= Math.max(1, total - 1)) {
      ask = new Ask(EnumSet.of(JobClass.INTERACTIVE), true);
    } else {
      int others = free.getAsInt() + asksForInteractive;
      batch++;
      ask = new Ask(ANY, others < reserve.slots(total, clock.millis()));
    }
    asksForInteractive += ask.isForInteractive() ? 1 : 0;
    return ask;
  }

  /**
   * What came of it.
   *
   * @param got the class of the job that was pulled, if one was
   * @param waited whether its slot had to be waited for
   */
  synchronized void answered(Ask ask, Optional<JobClass> got, boolean waited) {
    asksForInteractive -= ask.isForInteractive() ? 1 : 0;
    if (ask.classes().contains(JobClass.BATCH) && got.filter(JobClass.BATCH::equals).isEmpty()) {
      batch--;
    }
    if (got.filter(JobClass.INTERACTIVE::equals).isPresent()) {
      reserve.came(waited, batch, slots.getAsInt(), clock.millis());
    }
  }

  /** Slots that batch leaves free, for now. */
  synchronized int leftFree() {
    return reserve.slots(slots.getAsInt(), clock.millis());
  }

  /** A batch job is out of this worker's hands. */
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
