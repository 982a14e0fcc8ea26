package io.sluice.file;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.AuditLog;
import io.sluice.HealthCheck;
import io.sluice.Unavailable;
import io.sluice.codec.AuditCodec;
import io.sluice.codec.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log on files. One thread writes: while it syncs, more events arrive, and those are the
 * next batch, so that a hundred events cost one sync of the disk. An event that cannot be written
 * goes to the process's log under the name {@code audit}, and the files say later how many were
 * lost to them.
 */
public final class FileAudit implements AuditLog, AutoCloseable {
  static final String PART = "audit log";
  static final int QUEUE_MAX = 16_384;
  private static final int BATCH_MAX = 1_024;
  private static final int SEARCHES_MAX = 4;
  private static final Duration SEARCH_LIMIT = Duration.ofSeconds(5);
  private static final Duration GATHER = Duration.ofMillis(20);
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final Duration CLOSING_MAX = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(FileAudit.class);
  private static final Logger LOST = LoggerFactory.getLogger("audit");

  private final FileAuditConfig config;
  private final InstantSource clock;
  private final Chain chain;
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Semaphore searches = new Semaphore(SEARCHES_MAX);
  private final Thread thread =
      Thread.ofPlatform().name("sluice-audit").daemon().unstarted(this::work);
  private volatile Optional<String> trouble = Optional.empty();
  private volatile boolean closing;
  private volatile boolean stopped;

  /** Events that are in no file, and of which no file says so yet. */
  private final AtomicLong lost = new AtomicLong();

  /** When the last batch was on the disk; of the writing thread. */
  private long synced = System.nanoTime() - GATHER.toNanos();

  private FileAudit(FileAuditConfig config, InstantSource clock, Chain chain) {
    this.config = config;
    this.clock = clock;
    this.chain = chain;
  }

  /**
   * Opens a log and mends what a killed process has left. Blocks.
   *
   * @throws UncheckedIOException with a sentence for a person, if it cannot be written
   */
  public static FileAudit open(FileAuditConfig config, InstantSource clock) {
    return open(config, clock, Chain.Disk.REAL);
  }

  static FileAudit open(FileAuditConfig config, InstantSource clock, Chain.Disk disk) {
    FileAudit audit = new FileAudit(config, clock, new Chain(config, clock, disk));
    try {
      audit.chain.prepare();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the audit log in " + config.folder() + " cannot be written: " + reason(e), e);
    }
    audit.thread.start();
    return audit;
  }

  @Override
  public Future<Void> append(AuditEvent event) {
    if (closing) {
      return refused(event, "it is closed");
    }
    Waiting waiting = new Waiting(event);
    if (!queue.offer(waiting)) {
      return refused(event, QUEUE_MAX + " events are waiting already");
    }
    if (stopped) {
      refuseRest();
    }
    return waiting.promise().future();
  }

  @Override
  public Future<List<AuditEvent>> search(Query query) {
    if (!searches.tryAcquire()) {
      return Future.failedFuture(
          new Unavailable(PART, SEARCHES_MAX + " searches are under way; try again"));
    }
    Promise<List<AuditEvent>> promise = Promise.promise();
    Thread.startVirtualThread(
        () -> {
          try {
            promise.complete(new AuditReader(config).search(query, SEARCH_LIMIT));
          } catch (RuntimeException e) {
            promise.fail(e);
          } finally {
            searches.release();
          }
        });
    return promise.future();
  }

  /**
   * Whether events can be written. Not needed to be ready: jobs go on without it, while credentials
   * and administration are refused.
   */
  public HealthCheck health() {
    return new HealthCheck() {
      @Override
      public String name() {
        return PART;
      }

      @Override
      public boolean required() {
        return false;
      }

      @Override
      public Future<Void> check() {
        return trouble
            .or(chain::trouble)
            .map(why -> Future.<Void>failedFuture(new Unavailable(PART, why)))
            .orElseGet(Future::succeededFuture);
      }
    };
  }

  private void work() {
    List<Waiting> batch = new ArrayList<>(BATCH_MAX);
    while (take(batch)) {
      write(batch);
      batch.clear();
    }
    stopped = true;
    refuseRest();
  }

  /** Waits for events, or for losses to tell; false when there will be none any more. */
  private boolean take(List<Waiting> batch) {
    while (batch.isEmpty()) {
      boolean last = closing;
      try {
        Waiting first = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          gather();
          queue.drainTo(batch, BATCH_MAX - 1);
        } else if (lost.get() > 0 && trouble.isEmpty()) {
          return true;
        } else if (last) {
          return false;
        }
      } catch (InterruptedException e) {
        LOG.warn("Nobody may interrupt the writer of the audit log; it goes on");
      }
    }
    return true;
  }

  /** Lets a moment pass since the last sync: the disk has the jobs to write as well. */
  private void gather() {
    long left = synced + GATHER.toNanos() - System.nanoTime();
    if (left > 0 && !closing && queue.size() < BATCH_MAX) {
      LockSupport.parkNanos(left);
    }
  }

  private void write(List<Waiting> batch) {
    List<AuditEvent> events = new ArrayList<>(batch.size() + 1);
    long untold = lost.get();
    if (untold > 0) {
      events.add(
          AuditEvent.of(clock.instant(), Action.AUDIT_LOSS, Outcome.FAILED)
              .detail("events", String.valueOf(untold)));
    }
    batch.forEach(waiting -> events.add(waiting.event()));
    try {
      chain.append(events);
      synced = System.nanoTime();
      lost.addAndGet(-untold);
      recovered();
      answer(batch, Optional.empty());
    } catch (IOException | RuntimeException e) {
      lost.addAndGet(batch.size());
      failed(e);
      batch.forEach(waiting -> tellLoss(waiting.event()));
      answer(batch, Optional.of(new Unavailable(PART, "it cannot be written: " + reason(e))));
    }
  }

  private void recovered() {
    if (trouble.isPresent()) {
      LOG.warn("The audit log in {} can be written again", config.folder());
      trouble = Optional.empty();
    }
  }

  private void failed(Exception e) {
    if (trouble.isEmpty()) {
      LOG.error("The audit log in {} cannot be written", config.folder(), e);
    }
    trouble = Optional.of("events cannot be written: " + reason(e));
  }

  /** On a thread of its own, so that whoever listens cannot hold up the log. */
  private static void answer(List<Waiting> batch, Optional<Unavailable> failure) {
    List<Waiting> all = List.copyOf(batch);
    Thread.startVirtualThread(
        () ->
            all.forEach(
                waiting ->
                    failure.ifPresentOrElse(
                        waiting.promise()::fail, () -> waiting.promise().complete())));
  }

  private Future<Void> refused(AuditEvent event, String why) {
    lost.incrementAndGet();
    tellLoss(event);
    return Future.failedFuture(new Unavailable(PART, why));
  }

  private static void tellLoss(AuditEvent event) {
    LOST.warn("{}", Json.write(AuditCodec.write(event)));
  }

  private void refuseRest() {
    for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
      tellLoss(waiting.event());
      waiting.promise().fail(new Unavailable(PART, "it is closed"));
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /** Writes what is waiting, and stops. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(CLOSING_MAX);
      if (thread.isAlive()) {
        LOG.warn("The audit log is still being written after {}", CLOSING_MAX);
        return;
      }
      chain.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("The audit log did not close", e);
    }
  }
}
