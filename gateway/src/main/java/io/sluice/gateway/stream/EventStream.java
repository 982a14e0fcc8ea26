package io.sluice.gateway.stream;

import io.sluice.Forecast;
import io.sluice.JobEvents;
import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.Subscription;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.waiting.Outlooks;
import io.sluice.gateway.waiting.WaitingReaders;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One reader of the events of one job, who is told besides where the job stands while it waits.
 *
 * <p>All fields belong to the context of the request.
 */
public final class EventStream implements KeepAlive.Beating, LogReader.Sink {
  private static final String CONTENT_TYPE = "text/event-stream; charset=utf-8";

  /** Once in so many beats a silent reader makes sure that its job still exists. */
  private static final int BEATS_PER_CHECK = 4;

  private final Source source;
  private final Wire wire;
  private final LogReader log;
  private final Caller caller;

  /** The job as it was, where it waited; dropped when the reader is told of it no more. */
  private Optional<JobRecord> queued;

  private final Subscription place;
  private final Context context;
  private Subscription beats = () -> {};
  private Subscription caution = () -> {};
  private Subscription waiting = () -> {};
  private long lifeTimer;
  private boolean closed;
  private int silentBeats;

  /**
   * @param place what the reader takes up among all readers; closed with the stream
   */
  public EventStream(
      Source source, RoutingContext http, JobRecord record, Position after, Subscription place) {
    this.source = source;
    this.wire = new Wire(source.vertx(), http.request(), source.bounds().stallMax());
    this.log = new LogReader(source.log(), record.id(), after, this);
    this.queued = Optional.of(record).filter(Outlooks::waits);
    this.caller = Caller.of(http);
    this.place = place;
    this.context = source.vertx().getOrCreateContext();
  }

  public void start() {
    wire.open(CONTENT_TYPE, log::pump);
    wire.whenGone(this::close);
    wire.write(Frames.RETRY);
    beats = source.keepAlive().add(this);
    caution = source.callers().add(caller, this::dismiss);
    lifeTimer = source.vertx().setTimer(life(), fired -> grownOld());
    queued.ifPresent(record -> waiting = source.waiting().add(record, this::stands));
    log.start();
  }

  /** Where its job stands in the queue. From any thread. */
  private void stands(Forecast forecast) {
    context.runOnContext(
        here -> {
          if (queued.isPresent() && !closed && !wire.full()) {
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

  /** From any thread. */
  @Override
  public void beat() {
    context.runOnContext(
        here -> {
          if (closed || wire.full()) {
            return;
          }
          wire.write(Frames.COMMENT);
          if (++silentBeats % BEATS_PER_CHECK == 0) {
            log.check();
          }
        });
  }

  /** The reader is sent away whole, to come back with its position. From any thread. */
  @Override
  public void leave() {
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
    if (!closed) {
      wire.write(Frames.OLD);
      end();
    }
  }

  @Override
  public boolean full() {
    return wire.full();
  }

  @Override
  public void events(List<LoggedEvent> events) {
    waitsNoMore();
    silentBeats = 0;
    StringBuilder frames = new StringBuilder();
    events.forEach(logged -> Frames.append(frames, logged));
    wire.write(frames.toString());
  }

  /** The end carries the finished job. */
  @Override
  public void over(Position at, Optional<JobRecord> ended) {
    ended.ifPresent(record -> wire.write(Frames.end(at, record)));
    end();
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
      log.close();
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
      StreamBounds bounds) {
    LogReader.Log log() {
      return new LogReader.Log(vertx, store, events);
    }
  }
}
