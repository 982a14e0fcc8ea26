package io.sluice.gateway.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Subscription;
import io.sluice.codec.Json;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.ErrorShape;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.stream.CallerWatch;
import io.sluice.gateway.stream.KeepAlive;
import io.sluice.gateway.stream.Wire;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One reader of the results of an undertaking: what is written down, then what comes, until it has
 * ended. A silent stream has a blank line now and then, which is no result. What it read last says
 * where a reader goes on.
 *
 * <p>All fields belong to the context of the request.
 */
public final class ResultStream implements KeepAlive.Beating {
  private static final String CONTENT_TYPE = "application/x-ndjson; charset=utf-8";
  private static final Duration POLL = Duration.ofMillis(500);

  private final Source source;
  private final Wire wire;
  private final Caller caller;
  private final Results results;
  private final Subscription place;
  private final Context context;
  private Subscription beats = () -> {};
  private Subscription caution = () -> {};
  private long lifeTimer;
  private boolean reading;
  private boolean closed;

  /** What every such stream needs. */
  public record Source(
      Vertx vertx, KeepAlive keepAlive, CallerWatch callers, StreamBounds bounds) {}

  /**
   * Where results are read from. Blocks; used by one thread at a time.
   *
   * @param ended whether nothing more comes; asked before reading, so that nothing is missed
   *     between
   * @param waits whether the reader stays for what is still to come
   * @param line an entry as readers see it, without its number
   * @param shape how a reader is told why it may not go on
   */
  public record Results(
      BooleanSupplier ended,
      JournalTail tail,
      boolean waits,
      Function<JsonNode, ObjectNode> line,
      ErrorShape shape) {
    private Some next() {
      boolean last = ended.getAsBoolean();
      return new Some(tail.more(), last);
    }
  }

  private record Some(List<Journal.Entry> entries, boolean last) {}

  /**
   * @param place what the reader takes up among all readers; closed with the stream
   */
  public ResultStream(Source source, RoutingContext http, Results results, Subscription place) {
    this.source = source;
    this.wire = new Wire(source.vertx(), http.request(), source.bounds().stallMax());
    this.caller = Caller.of(http);
    this.results = results;
    this.place = place;
    this.context = source.vertx().getOrCreateContext();
  }

  public void start() {
    wire.open(CONTENT_TYPE, this::read);
    wire.whenGone(this::close);
    beats = source.keepAlive().add(this);
    caution = source.callers().add(caller, this::dismiss);
    lifeTimer = source.vertx().setTimer(life(), fired -> end());
    read();
  }

  /** Up to a tenth shorter than the longest life, so that not all come back at once. */
  private long life() {
    long millis = source.bounds().life().toMillis();
    return millis - ThreadLocalRandom.current().nextLong(millis / 10 + 1);
  }

  private void read() {
    if (!closed && !reading && !wire.full()) {
      reading = true;
      source.vertx().executeBlocking(results::next, false).onComplete(this::done);
    }
  }

  private void done(AsyncResult<Some> some) {
    reading = false;
    if (closed) {
      return;
    }
    if (some.failed()) {
      fail(ProblemCode.STORE_UNAVAILABLE.with("The files are not available now. Ask again."));
    } else if (!some.result().entries().isEmpty()) {
      wire.write(lines(some.result().entries()));
      read();
    } else if (some.result().last() || !results.waits()) {
      end();
    } else {
      source.vertx().setTimer(POLL.toMillis(), fired -> read());
    }
  }

  private Buffer lines(List<Journal.Entry> entries) {
    Buffer lines = Buffer.buffer();
    for (Journal.Entry entry : entries) {
      ObjectNode line = Json.object().put("seq", entry.seq());
      line.setAll(results.line().apply(entry.json()));
      lines.appendString(Json.line(line)).appendString("\n");
    }
    return lines;
  }

  /** From any thread. */
  @Override
  public void beat() {
    context.runOnContext(
        here -> {
          if (!closed && !wire.full()) {
            wire.write(Buffer.buffer("\n"));
          }
        });
  }

  /** The gateway goes; the number of its last line brings the reader back. From any thread. */
  @Override
  public void leave() {
    context.runOnContext(here -> end());
  }

  /** The reader may not go on; it is told why. From any thread. */
  private void dismiss(Problem why) {
    context.runOnContext(here -> fail(why));
  }

  private void fail(Problem why) {
    if (!closed) {
      wire.write(Buffer.buffer(Json.write(results.shape().body(why)) + "\n"));
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
      beats.close();
      caution.close();
      source.vertx().cancelTimer(lifeTimer);
      place.close();
    }
  }
}
