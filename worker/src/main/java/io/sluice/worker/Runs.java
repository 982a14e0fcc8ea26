package io.sluice.worker;

import io.sluice.JobId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The jobs in the hands of this worker, each on a virtual thread of its own and at most once. */
final class Runs {
  private final Workplace place;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private volatile Runnable whenOneEnds = () -> {};

  // Guarded by the lock.
  private final Set<JobRun> all = new HashSet<>();
  private final Map<JobId, JobRun> byJob = new HashMap<>();

  Runs(Workplace place) {
    this.place = place;
  }

  /** Where a tenant runs as many as it may, the end of one is what its next job waits for. */
  void whenOneEnds(Runnable then) {
    whenOneEnds = then;
  }

  /** Begins with a message that was just pulled. */
  void accept(Pulled message, Room room) {
    JobRun run = new JobRun(place, this, message, room);
    lock.lock();
    try {
      all.add(run);
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name(run.id().value()).start(run);
  }

  /** Makes this the run of its job; otherwise says which one is. */
  Optional<JobRun> register(JobRun run) {
    lock.lock();
    try {
      return Optional.ofNullable(byJob.putIfAbsent(run.id(), run));
    } finally {
      lock.unlock();
    }
  }

  void remove(JobRun run) {
    lock.lock();
    try {
      all.remove(run);
      byJob.remove(run.id(), run);
      ended.signalAll();
    } finally {
      lock.unlock();
    }
    whenOneEnds.run();
  }

  void awaitEnd(JobRun run) {
    lock.lock();
    try {
      while (all.contains(run)) {
        ended.await();
      }
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there are none, at most for so long; the jobs that are left. */
  List<JobId> awaitNone(Duration within) {
    long left = within.toNanos();
    lock.lock();
    try {
      while (!all.isEmpty() && left > 0) {
        left = ended.awaitNanos(left);
      }
      return all.stream().map(JobRun::id).distinct().sorted().toList();
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  int count() {
    lock.lock();
    try {
      return all.size();
    } finally {
      lock.unlock();
    }
  }

  /** Asks every run to give its job back. */
  void giveBack() {
    copy().forEach(JobRun::giveBack);
  }

  private List<JobRun> copy() {
    lock.lock();
    try {
      return List.copyOf(all);
    } finally {
      lock.unlock();
    }
  }
}
