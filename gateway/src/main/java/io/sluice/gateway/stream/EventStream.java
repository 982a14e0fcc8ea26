package io.sluice.gateway.stream;

import io.sluice.Forecast;
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
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.waiting.Outlooks;
import io.sluice.gateway.waiting.WaitingReaders;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of one job: watch, replay, then live. The log is the buffer: nothing is read from it
 * while the reader's socket is full, so that a slow reader costs one page of memory. When the store
 * is away or being rebuilt the reader is kept, and goes on where it was.
 *
 * <p>All fields belong to the context of the request, but for {@code woken}.
 */
public final class EventStream {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final int PAGE_EVENTS = 64;
  private static final long RETRY_MS = 1_000;

  /** Once in so many beats a silent reader makes sure that its job still exists. */
  private static final int BEATS_PER_CHECK = 4;

  private final Source source;
  private final Wire wire;
  private final JobId id;
  private final Caller caller;

  /** The job as it was, where it waited; dropped when the reader is told of it no more. */
  private Optional<JobRecord> queued;

  private final Subscription place;
  private final Context context;
  private final AtomicBoolean woken = new AtomicBoolean();
  private Subscription watch = () -> {};
  private Subscription beats = () -> {};
  private Subscription caution = () -> {};
  private Subscription waiting = () -> {};
  private long lifeTimer;
  private Position position;
  private boolean reading;
  private boolean missed;
  private boolean ending;
  private boolean closed;
  private int silentBeats;
  private int overs;

  /** Whether the last look into the log found nothing new. */
  private boolean caughtUp;

  /**
   * @param place what the reader takes up among all readers; closed with the stream
   */
  public EventStream(
      Source source, RoutingContext http, JobRecord record, Position after, Subscription place) {
    this.source = source;
    this.wire = new Wire(source.vertx(), http.request(), source.bounds().stallMax());
    this.id = record.id();
    this.queued = Optional.of(record).filter(Outlooks::waits);
    this.caller = Caller.of(http);
    this.position = after;
    this.place = place;
    this.context = source.vertx().getOrCreateContext();
  }

  public void start() {
    wire.open(this::pump, this::close);
    watch = source.events().watch(id, this::wake);
    beats = source.keepAlive().add(this);
    caution = source.callers().add(caller, this::dismiss);
    lifeTimer = source.vertx().setTimer(life(), fired -> grownOld());
    queued.ifPresent(record -> waiting = source.waiting().add(record, this::stands));
    pump();
  }

  /** Where its job stands in the queue. From any thread. */
  private void stands(Forecast forecast) {
    context.runOnContext(
        here -> {
          if (queued.isPresent() && !closed && !ending && !wire.full()) {
            wire.write(Frames.queue(forecast));
          }
        });
  }

  private void waitsNoMore() {
    queued = Optional.empty();
    waiting.close();
  }

  /** Up to a tenth shorter than the longest life, so that not all come back at once. */
  private long life() {
    long millis = source.bounds().life().toMillis();
    return millis - ThreadLocalRandom.current().nextLong(millis / 10 + 1);
  }

  /** A turn of the wheel went by. From any thread. */
  void beat() {
    context.runOnContext(
        here -> {
          if (closed || wire.full()) {
            return;
          }
          wire.write(Frames.COMMENT);
          if (++silentBeats % BEATS_PER_CHECK == 0) {
            check();
          }
        });
  }

  /** The gateway goes: the reader is sent away whole, to come back with its position. */
  void leave() {
    context.runOnContext(here -> end());
  }

  /** The reader may not go on; it is told why. From any thread. */
  private void dismiss(Problem why) {
    context.runOnContext(
        here -> {
          if (!closed) {
            wire.write(Frames.error(why));
            end();
          }
        });
  }

  /** Its position brings the reader back to where it was. */
  private void grownOld() {
    if (!closed && !ending) {
      wire.write(Frames.OLD);
      end();
    }
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

  private void pump() {
    if (closed || ending) {
      return;
    }
    if (reading || wire.full()) {
      missed = true;
      return;
    }
    reading = true;
    missed = false;
    OnContext.of(source.vertx(), source.events().read(id, position, PAGE_EVENTS))
        .onComplete(this::page);
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
      silentBeats = 0;
      write(read.result());
      pump();
    } else if (missed) {
      pump();
    }
  }

  private void write(List<LoggedEvent> page) {
    waitsNoMore();
    StringBuilder frames = new StringBuilder();
    for (LoggedEvent logged : page) {
      if (logged.event() instanceof JobEvent.End) {
        ending = true;
        position = logged.position();
        break;
      }
      Frames.append(frames, logged, position);
      position = logged.position();
    }
    if (!frames.isEmpty()) {
      wire.write(frames.toString());
    }
    if (ending) {
      finish();
    }
  }

  /** The end carries the finished job, as the store has it. */
  private void finish() {
    OnContext.of(source.vertx(), source.store().find(id))
        .onComplete(
            found -> {
              if (closed) {
                return;
              }
              if (found.succeeded() && found.result() instanceof Lookup.Found(JobRecord record)) {
                wire.write(Frames.end(position, record));
                end();
              } else if (found.succeeded() && found.result() instanceof Lookup.Absent) {
                end();
              } else {
                later("the end of {} cannot be read, again soon: {}", found.cause(), this::finish);
              }
            });
  }

  private void check() {
    source
        .store()
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
    source
        .vertx()
        .setTimer(
            RETRY_MS,
            fired -> {
              if (!closed) {
                again.run();
              }
            });
  }

  private void end() {
    if (!closed) {
      close();
      wire.end();
    }
  }

  private void close() {
    if (!closed) {
      closed = true;
      watch.close();
      beats.close();
      caution.close();
      waitsNoMore();
      source.vertx().cancelTimer(lifeTimer);
      place.close();
    }
  }

  /** What every stream of a gateway reads from. */
  public record Source(
      Vertx vertx,
      JobStore store,
      JobEvents events,
      KeepAlive keepAlive,
      CallerWatch callers,
      WaitingReaders waiting,
      StreamBounds bounds) {}
}
