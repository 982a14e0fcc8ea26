package io.sluice.bench.schedule;

import io.sluice.JobClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/** Who gets a free slot. */
interface Policy {
  void arrived(SimJob job, long nowMs);

  /** The job to start now in a slot of a worker. */
  Optional<SimJob> pull(Slot slot, long nowMs);

  /**
   * A free slot.
   *
   * @param classes that the worker has room for
   * @param keptFree whether batch leaves it free
   */
  record Slot(int worker, Set<JobClass> classes, boolean keptFree) {}

  default void ended(SimJob job, int worker, long nowMs) {}

  /** A balancer that sends each job to the next worker, where it waits for one of its slots. */
  static Policy roundRobinPush() {
    List<Queue<SimJob>> queues = new ArrayList<>();
    for (int i = 0; i < Simulation.WORKERS; i++) {
      queues.add(new ArrayDeque<>());
    }
    return new Policy() {
      private int next;

      @Override
      public void arrived(SimJob job, long nowMs) {
        queues.get(next++ % queues.size()).add(job);
      }

      @Override
      public Optional<SimJob> pull(Slot slot, long nowMs) {
        return Optional.ofNullable(queues.get(slot.worker()).poll());
      }
    };
  }

  /** One queue, first come, first served. */
  static Policy centralFifo() {
    Queue<SimJob> queue = new ArrayDeque<>();
    return new Policy() {
      @Override
      public void arrived(SimJob job, long nowMs) {
        queue.add(job);
      }

      @Override
      public Optional<SimJob> pull(Slot slot, long nowMs) {
        return Optional.ofNullable(queue.poll());
      }
    };
  }
}
