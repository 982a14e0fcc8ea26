package io.sluice.gateway.bulk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.Problem;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The jobs of one undertaking that are under way in this gateway: at most {@link #JOBS_MAX} at a
 * time, and {@link #BYTES_MAX} of requests. Safe from any thread; made by {@link BulkJobs}.
 */
public final class JobGroup implements AutoCloseable {
  /** Enough for the slots of many workers, and little beside what may wait in a lane. */
  public static final int JOBS_MAX = 256;

  /** The most that their requests are together, in bytes; a longer one goes alone. */
  public static final int BYTES_MAX = 32 << 20;

  private static final int UNIT_BYTES = 1024;
  private static final int UNITS_MAX = BYTES_MAX / UNIT_BYTES;

  private final BulkJobs jobs;
  private final Terms terms;
  private final Semaphore places = new Semaphore(JOBS_MAX, true);
  private final Semaphore units = new Semaphore(UNITS_MAX, true);
  private final Set<JobId> running = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private final Phaser underWay = new Phaser(1);
  private volatile boolean isCancelled;

  JobGroup(BulkJobs jobs, Terms terms) {
    this.jobs = jobs;
    this.terms = terms;
  }

  /**
   * Whose jobs they are and until when they may start.
   *
   * @param id of the undertaking
   * @param caller with the scopes that its creator had
   */
  public record Terms(String id, Caller caller, Instant until) {}

  /**
   * One job.
   *
   * @param name of the piece that it does, unique in its undertaking, 1 to 100 characters: who asks
   *     again under it, in whichever gateway, gets the job that there is
   * @param body as {@code POST /v1/jobs} takes it, without times, class and webhook
   * @param kept what a surface keeps with the job
   * @param bytes about how long its request is
   */
  public record Ask(String name, ObjectNode body, Optional<String> kept, int bytes) {}

  /** What became of a job. */
  public sealed interface Result {
    /** It ended, in whichever way. */
    record Ended(JobRecord record) implements Result {}

    /** It cannot be a job, now or ever. */
    record Refused(Problem problem) implements Result {}

    /** The time was over before it could be one. */
    record TooLate() implements Result {}

    /** The group was cancelled before it was one. */
    record Cancelled() implements Result {}
  }

  /** Waits for a place, then for the end of the job. */
  public Result run(Ask ask) throws InterruptedException {
    int taken = take(ask);
    try {
      return jobs.run(this, ask);
    } finally {
      leave(taken);
    }
  }

  /**
   * Waits for a place, and goes on.
   *
   * @param then gets the result, on a virtual thread; what it throws stops the group
   * @throws RuntimeException what stopped the group
   */
  public void begin(Ask ask, Consumer<Result> then) throws InterruptedException {
    int taken = take(ask);
    underWay.register();
    Thread thread =
        Thread.ofVirtual().name("sluice-" + ask.name()).unstarted(() -> finish(ask, then, taken));
    threads.add(thread);
    thread.start();
  }

  private void finish(Ask ask, Consumer<Result> then, int taken) {
    try {
      then.accept(jobs.run(this, ask));
    } catch (InterruptedException letGo) {
      // The job goes on, and is found again under its name.
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
      close();
    } finally {
      threads.remove(Thread.currentThread());
      leave(taken);
      underWay.arriveAndDeregister();
    }
  }

  /** Waits until all that were begun have ended; throws what stopped the group. */
  public void await() throws InterruptedException {
    underWay.awaitAdvanceInterruptibly(underWay.arrive());
    orThrow();
  }

  /** Nothing more becomes a job, and those that run are asked to end. Returns at once. */
  public void cancel() {
    isCancelled = true;
    running.forEach(jobs::cancel);
  }

  public boolean isCancelled() {
    return isCancelled;
  }

  /** Lets go of all that were begun; their jobs run on. Returns at once; harmless at the end. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }

  Terms terms() {
    return terms;
  }

  /** A job of the group has been accepted. */
  void accepted(JobId id) {
    running.add(id);
    if (isCancelled) {
      jobs.cancel(id);
    }
  }

  void ended(JobId id) {
    running.remove(id);
  }

  private int take(Ask ask) throws InterruptedException {
    orThrow();
    int wanted = Math.clamp(1 + ask.bytes() / UNIT_BYTES, 1, UNITS_MAX);
    places.acquire();
    try {
      units.acquire(wanted);
    } catch (InterruptedException e) {
      places.release();
      throw e;
    }
    return wanted;
  }

  private void leave(int taken) {
    units.release(taken);
    places.release();
  }

  private void orThrow() {
    RuntimeException why = failure.get();
    if (why != null) {
      throw why;
    }
  }
}
