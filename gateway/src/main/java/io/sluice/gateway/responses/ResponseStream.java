package io.sluice.gateway.responses;

import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.Subscription;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.stream.CallerWatch;
import io.sluice.gateway.stream.KeepAlive;
import io.sluice.gateway.stream.LogReader;
import io.sluice.gateway.stream.Wire;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One reader of the events of a response, who may come and go as it likes: the response goes on. It
 * costs the memory of the answer so far, which is bounded by the worker, besides a page of the log.
 *
 * <p>All fields belong to the context of the request.
 */
final class ResponseStream implements LogReader.Sink, KeepAlive.Beating {
  /** Once in so many beats a silent reader makes sure that its job still exists. */
  private static final int BEATS_PER_CHECK = 4;

  private final Source source;
  private final Wire wire;
  private final LogReader log;
  private final Caller caller;
  private final Numbering numbering;
  private final Reading reading;
  private final Subscription place;
  private final Context context;
  private Subscription beats = () -> {};
  private Subscription caution = () -> {};
  private long lifeTimer;
  private long told;
  private boolean closed;
  private int silentBeats;

  /**
   * @param numbering one of its own, at its beginning
   * @param told the number of the last event that the reader has; -1 for none
   * @param voids the numbers of the voids that are in the log already
   * @param place what the reader takes up among all readers; closed with the stream
   */
  ResponseStream(
      Source source,
      RoutingContext http,
      JobId id,
      Numbering numbering,
      long told,
      List<Long> voids,
      Subscription place) {
    this.source = source;
    this.wire = new Wire(source.log().vertx(), http.request(), source.bounds().stallMax());
    this.log = new LogReader(source.log(), id, Position.START, this);
    this.caller = Caller.of(http);
    this.numbering = numbering;
    this.reading = Reading.after(told, voids);
    this.told = told;
    this.place = place;
    this.context = source.log().vertx().getOrCreateContext();
  }

  void start() {
    wire.open(Frames.CONTENT_TYPE, log::pump);
    wire.whenGone(this::close);
    beats = source.keepAlive().add(this);
    caution = source.callers().add(caller, this::dismiss);
    lifeTimer = source.log().vertx().setTimer(life(), fired -> end());
    send(numbering.opening());
    log.start();
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
          wire.write(Frames.comment());
          if (++silentBeats % BEATS_PER_CHECK == 0) {
            log.check();
          }
        });
  }

  /** The gateway goes; the number brings the reader back to where it was. From any thread. */
  @Override
  public void leave() {
    context.runOnContext(here -> end());
  }

  /** The reader may not go on; it is told why. From any thread. */
  private void dismiss(Problem why) {
    context.runOnContext(here -> fail(why, Math.max(0, told)));
  }

  @Override
  public boolean full() {
    return wire.full();
  }

  @Override
  public void events(List<LoggedEvent> events) {
    silentBeats = 0;
    for (LoggedEvent logged : events) {
      send(numbering.next(logged));
    }
  }

  @Override
  public void over(Position at, Optional<JobRecord> ended) {
    if (ended.isEmpty()) {
      fail(
          ProblemCode.JOB_NOT_FOUND.with("The response does not exist any longer."),
          Math.max(0, told));
    } else {
      send(numbering.end(ended.get()));
      end();
    }
  }

  private void send(List<Numbered> events) {
    Buffer out = Buffer.buffer();
    for (Numbered event : events) {
      reading
          .next(event)
          .ifPresent(
              lacking -> {
                told = lacking.number();
                Frames.append(out, lacking);
              });
    }
    if (closed) {
      return;
    }
    if (out.length() > 0) {
      wire.write(out);
    }
    if (reading.isBroken()) {
      fail(
          ProblemCode.ANSWER_INTERRUPTED.with(
              "A worker was lost in the middle of the answer, and the new answer is another one:"
                  + " what was sent is void. Read the response from the beginning, without"
                  + " starting_after."),
          reading.annulled());
    }
  }

  private void fail(Problem why, long number) {
    if (!closed) {
      wire.write(Frames.error(why, number));
      end();
    }
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
      source.log().vertx().cancelTimer(lifeTimer);
      place.close();
    }
  }

  /** What every stream of a gateway reads from. */
  record Source(LogReader.Log log, KeepAlive keepAlive, CallerWatch callers, StreamBounds bounds) {}
}
