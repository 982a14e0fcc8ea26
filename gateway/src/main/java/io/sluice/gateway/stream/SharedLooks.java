package io.sluice.gateway.stream;

import io.sluice.JobId;
import io.sluice.JobStore;
import io.sluice.JobStore.Lookup;
import io.sluice.Subscription;
import io.sluice.gateway.SharedReads;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at jobs that many wait for: however many they are and however often they are woken, a job
 * is looked at ten times a second at most. Safe from any thread.
 */
final class SharedLooks {
  static final Duration APART = Duration.ofMillis(100);

  private final Vertx vertx;
  private final JobStore store;
  private final ConcurrentHashMap<JobId, Watched> jobs = new ConcurrentHashMap<>();

  SharedLooks(Vertx vertx, JobStore store) {
    this.vertx = vertx;
    this.store = store;
  }

  /** One more who waits for a job, until it is closed. */
  Look open(JobId id) {
    Watched watched =
        jobs.compute(
            id,
            (same, now) ->
                now == null
                    ? new Watched(new SharedReads<>(vertx, APART, () -> store.find(id)), 1)
                    : new Watched(now.reads(), now.waiters() + 1));
    return new Look(id, watched.reads());
  }

  private void leave(JobId id) {
    jobs.computeIfPresent(
        id, (same, now) -> now.waiters() == 1 ? null : new Watched(now.reads(), now.waiters() - 1));
  }

  private record Watched(SharedReads<Lookup> reads, int waiters) {}

  /** One waiter's sight of its job. */
  final class Look implements Subscription {
    private final JobId id;
    private final SharedReads<Lookup> reads;
    private boolean closed;

    private Look(JobId id, SharedReads<Lookup> reads) {
      this.id = id;
      this.reads = reads;
    }

    /** The job as it is at some moment after now; completes on any thread. */
    Future<Lookup> next() {
      return reads.next();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        leave(id);
      }
    }
  }
}
