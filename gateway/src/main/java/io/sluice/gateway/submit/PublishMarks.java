package io.sluice.gateway.submit;

import io.sluice.Admission;
import io.sluice.JobId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells admission, in batches, which jobs the queue has confirmed. Nobody waits for it: a mark that
 * gets lost costs a duplicate message at most, which is harmless. Safe from any thread.
 */
public final class PublishMarks {
  private static final Logger LOG = LoggerFactory.getLogger(PublishMarks.class);
  private static final long FLUSH_MS = 5;
  private static final long RETRY_MS = 500;
  private static final int BATCH_MAX = 500;
  private static final int WAITING_MAX = 100_000;

  private final Vertx vertx;
  private final Admission admission;
  private final ConcurrentLinkedQueue<JobId> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  public PublishMarks(Vertx vertx, Admission admission) {
    this.vertx = vertx;
    this.admission = admission;
  }

  public void add(JobId id) {
    if (size.get() >= WAITING_MAX) {
      LOG.warn("{} marks wait for the store: the mark of {} is dropped", WAITING_MAX, id);
      return;
    }
    waiting.add(id);
    size.incrementAndGet();
    schedule(FLUSH_MS);
  }

  /** Sends what waits, once; for the end of a process. */
  public Future<Void> drain() {
    List<JobId> batch = take();
    return batch.isEmpty()
        ? Future.succeededFuture()
        : admission.published(batch).compose(sent -> drain());
  }

  private void schedule(long ms) {
    if (scheduled.compareAndSet(false, true)) {
      vertx.setTimer(ms, fired -> flush());
    }
  }

  private void flush() {
    List<JobId> batch = take();
    if (batch.isEmpty()) {
      rest(FLUSH_MS);
      return;
    }
    admission
        .published(batch)
        .onSuccess(sent -> rest(FLUSH_MS))
        .onFailure(
            away -> {
              LOG.warn("{} marks could not be sent, again soon: {}", batch.size(), away.toString());
              waiting.addAll(batch);
              size.addAndGet(batch.size());
              rest(RETRY_MS);
            });
  }

  private void rest(long ms) {
    scheduled.set(false);
    if (!waiting.isEmpty()) {
      schedule(ms);
    }
  }

  private List<JobId> take() {
    List<JobId> batch = new ArrayList<>();
    while (batch.size() < BATCH_MAX) {
      JobId id = waiting.poll();
      if (id == null) {
        break;
      }
      size.decrementAndGet();
      batch.add(id);
    }
    return batch;
  }
}
