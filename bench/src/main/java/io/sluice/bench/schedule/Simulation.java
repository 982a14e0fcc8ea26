package io.sluice.bench.schedule;

import io.sluice.JobClass;
import io.sluice.worker.Reserve;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Four workers of four slots that work through a trace in virtual time. A worker takes batch jobs
 * only while one slot more stays free of them, as a real one does.
 */
final class Simulation {
  static final int WORKERS = 4;
  static final int SLOTS = 4;
  static final int SLOTS_IN_ALL = WORKERS * SLOTS;

  private final Policy policy;
  private final int[] running = new int[WORKERS];
  private final int[] runningBatch = new int[WORKERS];
  private final PriorityQueue<Run> ends =
      new PriorityQueue<>(
          Comparator.comparingLong(Run::endsMs).thenComparingInt(run -> run.job().number()));
  private final List<Run> runs = new ArrayList<>();
  private final Leaves leaves;
  private final List<Reserve> reserves = Stream.generate(Reserve::new).limit(WORKERS).toList();
  private int first;

  /** What batch leaves free besides a slot of each worker that it never takes. */
  enum Leaves {
    NOTHING,
    ONE_SLOT,
    /** As a real worker does. */
    WHAT_IT_LEARNED
  }

  /** A job that was started. */
  record Run(SimJob job, int worker, long startsMs) {
    long endsMs() {
      return startsMs + job.serviceMs();
    }

    long waitedMs() {
      return startsMs - job.arrivesMs();
    }
  }

  private Simulation(Policy policy, Leaves leaves) {
    this.policy = policy;
    this.leaves = leaves;
  }

  /** What was started until then, in that order; a trace may go on beyond. */
  static List<Run> run(List<SimJob> trace, Policy policy, long untilMs) {
    return run(trace, policy, untilMs, Leaves.WHAT_IT_LEARNED);
  }

  static List<Run> run(List<SimJob> trace, Policy policy, long untilMs, Leaves leaves) {
    return new Simulation(policy, leaves).run(trace, untilMs);
  }

  /** Works through the whole trace. */
  static List<Run> run(List<SimJob> trace, Policy policy) {
    return run(trace, policy, Long.MAX_VALUE);
  }

  private List<Run> run(List<SimJob> trace, long untilMs) {
    int next = 0;
    while (true) {
      long arrival = next < trace.size() ? trace.get(next).arrivesMs() : Long.MAX_VALUE;
      long end = ends.isEmpty() ? Long.MAX_VALUE : ends.peek().endsMs();
      long now = Math.min(arrival, end);
      if (now >= untilMs) {
        return runs;
      }
      if (end <= arrival) {
        end(ends.poll());
      } else {
        policy.arrived(trace.get(next++), now);
      }
      boolean more = next < trace.size() && trace.get(next).arrivesMs() == now;
      if (!more) {
        fill(now);
      }
    }
  }

  private void end(Run run) {
    running[run.worker()]--;
    runningBatch[run.worker()] -= isBatch(run.job()) ? 1 : 0;
    policy.ended(run.job(), run.worker(), run.endsMs());
  }

  /** Another worker asks first each time. */
  private void fill(long now) {
    first++;
    for (int i = 0; i < WORKERS; i++) {
      int worker = (first + i) % WORKERS;
      boolean found = true;
      while (found && running[worker] < SLOTS) {
        Optional<SimJob> job = policy.pull(slot(worker, now), now);
        job.ifPresent(it -> start(it, worker, now));
        found = job.isPresent();
      }
    }
  }

  private Policy.Slot slot(int worker, long now) {
    int others = SLOTS - running[worker] - 1;
    boolean keptFree =
        switch (leaves) {
          case NOTHING -> false;
          case ONE_SLOT -> others < 1;
          case WHAT_IT_LEARNED -> others < reserves.get(worker).slots(SLOTS, now);
        };
    return new Policy.Slot(worker, classes(worker), keptFree);
  }

  private Set<JobClass> classes(int worker) {
    return runningBatch[worker] < SLOTS - 1
        ? EnumSet.allOf(JobClass.class)
        : EnumSet.of(JobClass.INTERACTIVE);
  }

  private void start(SimJob job, int worker, long now) {
    Run run = new Run(job, worker, now);
    running[worker]++;
    if (isBatch(job)) {
      runningBatch[worker]++;
    } else {
      reserves.get(worker).came(run.waitedMs() > 0, runningBatch[worker], SLOTS, now);
    }
    runs.add(run);
    ends.add(run);
  }

  private static boolean isBatch(SimJob job) {
    return job.jobClass() == JobClass.BATCH;
  }
}
