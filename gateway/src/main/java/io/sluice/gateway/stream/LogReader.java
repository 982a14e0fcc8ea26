package io.sluice.gateway.stream;

import io.sluice.JobEvent;
import io.sluice.JobEvents;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.JobStore.Lookup;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.Subscription;
import io.sluice.gateway.OnContext;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log of one job for one reader: watch, replay, then live. The log is the buffer: nothing
 * is read from it while the reader is full, so that a slow one costs one page of memory. When the
 * store is away or being rebuilt the reader is kept, and goes on where it was.
 *
 * <p>All fields belong to the context that made it, but for {@code woken}; so do all calls.
 */
public final class LogReader {
  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
  private static final int PAGE_EVENTS = 64;
  private static final long RETRY_MS = 1_000;

  private final Log log;
  private final JobId id;
  private final Sink sink;
  private final Context context;
  private final AtomicBoolean woken = new AtomicBoolean();
  private Subscription watch = () -> {};
  private Position position;
  private boolean reading;
  private boolean missed;
  private boolean ending;
  private boolean closed;
  private int overs;

  /** Whether the last look into the log found nothing new. */
  private boolean caughtUp;

  /** Where logs and records are. */
  public record Log(Vertx vertx, JobStore store, JobEvents events) {}

  /** Who reads. Called on the context of the reader. */
  public interface Sink {
    /** Whether it takes nothing now; it then calls {@link #pump} when it has room. */
    boolean full();

    /**
     * The next events, without the end; never none.
     *
     * @param events where the job began anew, a reset stands for its start
     */
    void events(List<LoggedEvent> events);

    /**
     * Nothing more comes.
     *
     * @param ended the job as it ended; empty if it exists no longer
     */
    void over(Position at, Optional<JobRecord> ended);
  }

  /** One that has read up to a position. */
  public LogReader(Log log, JobId id, Position after, Sink sink) {
    this.log = log;
    this.id = id;
    this.position = after;
    this.sink = sink;
    this.context = log.vertx().getOrCreateContext();
  }

  /** Begins to read. */
  public void start() {
    watch = log.events().watch(id, this::wake);
    pump();
  }

  /** Reads no more; harmless when it is closed. */
  public void close() {
    closed = true;
    watch.close();
  }

  private void wake() {
    if (woken.compareAndSet(false, true)) {
      context.runOnContext(
          here -> {
            woken.set(false);
            pump();
          });
    }
  }

  /** Reads on, if there is room. */
  public void pump() {
    if (closed || ending) {
      return;
    }
    if (reading || sink.full()) {
      missed = true;
      return;
    }
    reading = true;
    missed = false;
    OnContext.of(log.vertx(), log.events().read(id, position, PAGE_EVENTS)).onComplete(this::page);
  }

  private void page(AsyncResult<List<LoggedEvent>> read) {
    reading = false;
    caughtUp = read.succeeded() && read.result().isEmpty();
    if (closed) {
      return;
    }
    if (read.failed()) {
      later("events of {} cannot be read, again soon: {}", read.cause(), this::pump);
    } else if (!read.result().isEmpty()) {
      give(read.result());
      pump();
    } else if (missed) {
      pump();
    }
  }

  private void give(List<LoggedEvent> page) {
    List<LoggedEvent> seen = new ArrayList<>();
    for (LoggedEvent logged : page) {
      if (logged.event() instanceof JobEvent.End) {
        ending = true;
        position = logged.position();
        break;
      }
      seen.add(seen(logged));
      position = logged.position();
    }
    if (!seen.isEmpty()) {
      sink.events(seen);
    }
    if (ending && !closed) {
      finish();
    }
  }

  /**
   * A start at another fence than the reader's: the store was lost and the job begins anew, so what
   * the reader has is void.
   */
  private LoggedEvent seen(LoggedEvent logged) {
    boolean began = position.fence() != 0 && position.fence() != logged.position().fence();
    return logged.event() instanceof JobEvent.Start(int attempt) && began
        ? new LoggedEvent(logged.position(), new JobEvent.Reset(attempt, "restarted"))
        : logged;
  }

  /** The end is the finished job, as the store has it. */
  private void finish() {
    OnContext.of(log.vertx(), log.store().find(id))
        .onComplete(
            found -> {
              if (closed) {
                return;
              }
              if (found.succeeded() && found.result() instanceof Lookup.Found(JobRecord record)) {
                sink.over(position, Optional.of(record));
              } else if (found.succeeded() && found.result() instanceof Lookup.Absent) {
                sink.over(position, Optional.empty());
              } else {
                later("the end of {} cannot be read, again soon: {}", found.cause(), this::finish);
              }
            });
  }

  /** Makes sure that the job of a silent log still exists and runs; to be called now and then. */
  public void check() {
    log.store()
        .find(id)
        .onSuccess(
            lookup ->
                context.runOnContext(
                    here -> {
                      overs = isOver(lookup) && caughtUp ? overs + 1 : 0;
                      if (overs > 1 && !closed && !ending) {
                        ending = true;
                        finish();
                      } else {
                        pump();
                      }
                    }))
        .onFailure(e -> LOG.debug("{} cannot be looked up now: {}", id, e.toString()));
  }

  /** Twice in a row it means that no event comes: the job is gone, or the position is made up. */
  private static boolean isOver(Lookup lookup) {
    return switch (lookup) {
      case Lookup.Found(JobRecord record) -> record.state().isTerminal();
      case Lookup.Absent absent -> true;
      case Lookup.Recovering recovering -> false;
    };
  }

  private void later(String message, Throwable cause, Runnable again) {
    LOG.debug(message, id, String.valueOf(cause));
    log.vertx()
        .setTimer(
            RETRY_MS,
            fired -> {
              if (!closed) {
                again.run();
              }
            });
  }
}
