package io.sluice.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.problem.EarlyEnd;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What was answered and not taken yet, by clients that read slowly or not at all. Such answers are
 * counted and have a deadline. Where a new one is too much, the network of addresses that holds the
 * most loses its oldest: who does not read makes nobody else wait. Safe from any thread.
 */
public final class Unsent implements Handler<RoutingContext> {
  private static final String KEY = "sluice.unsent";

  /** In HTTP/1 shorter answers are bounded by the number of connections. */
  private static final int COUNTED_FROM_BYTES = 16 * 1024;

  /** About what a request that is not done takes up beside its answer's body. */
  private static final int REQUEST_BYTES = 4 * 1024;

  private final Map<String, Holder> holders = new HashMap<>();
  private final long bytesMax;
  private final Duration deadline;
  private final Counter cut;
  private long bytes;

  /**
   * @param bytesMax of such answers in memory, over by one of them at most
   * @param deadline by when an answer has to be taken
   */
  Unsent(long bytesMax, Duration deadline, MeterRegistry meters) {
    this.bytesMax = bytesMax;
    this.deadline = deadline;
    this.cut =
        Counter.builder("sluice.gateway.unsent.cut")
            .description("Answers that were cut off because others needed their memory")
            .register(meters);
    Gauge.builder("sluice.gateway.unsent.bytes", this, Unsent::bytes)
        .description("Of answers that clients have not taken yet")
        .register(meters);
  }

  static Unsent of(RoutingContext http) {
    return http.get(KEY);
  }

  @Override
  public void handle(RoutingContext http) {
    http.put(KEY, this);
    http.next();
  }

  /** Ends the answer with this body. */
  void end(RoutingContext http, String text) {
    Buffer body = Buffer.buffer(text);
    end(http, body, body.length());
  }

  /** Ends the answer with a body that is in memory anyway. */
  void endShared(RoutingContext http, Buffer body) {
    end(http, body, 0);
  }

  private void end(RoutingContext http, Buffer body, int own) {
    if (http.request().method() == HttpMethod.HEAD) {
      http.response().putHeader("Content-Length", String.valueOf(body.length())).end();
      return;
    }
    count(http, own, http.response().end(body));
  }

  /** Counts a refusal until it is sent, if the request came far enough to be counted. */
  public static void countRefusal(RoutingContext http, Future<Void> sent) {
    if (http.get(KEY) instanceof Unsent unsent) {
      unsent.count(http, 0, sent);
    }
  }

  private void count(RoutingContext http, int own, Future<Void> sent) {
    HttpServerRequest request = http.request();
    boolean counts = own >= COUNTED_FROM_BYTES || request.version() == HttpVersion.HTTP_2;
    if (!counts || sent.isComplete()) {
      return;
    }
    Vertx vertx = http.vertx();
    int size = own + REQUEST_BYTES;
    Answer answer =
        new Answer(ClientAddress.networkOf(http), size, sent, request, vertx.getOrCreateContext());
    add(answer).forEach(Answer::cut);
    long timer = vertx.setTimer(deadline.toMillis(), late -> answer.cut());
    sent.onComplete(
        taken -> {
          remove(answer);
          vertx.cancelTimer(timer);
        });
  }

  /** Those that have to go for it. */
  private synchronized List<Answer> add(Answer added) {
    List<Answer> over = new ArrayList<>();
    while (bytes + added.size > bytesMax && !holders.isEmpty()) {
      Answer oldest = oldestOfLargest(added);
      remove(oldest);
      over.add(oldest);
    }
    cut.increment(over.size());
    holders.computeIfAbsent(added.network, first -> new Holder()).add(added);
    bytes += added.size;
    return over;
  }

  private Answer oldestOfLargest(Answer added) {
    Comparator<Map.Entry<String, Holder>> size =
        Comparator.comparingLong(
            one -> one.getValue().bytes + (one.getKey().equals(added.network) ? added.size : 0));
    return holders.entrySet().stream().max(size).orElseThrow().getValue().answers.getFirst();
  }

  private synchronized void remove(Answer answer) {
    Holder holder = holders.get(answer.network);
    if (holder != null && holder.remove(answer)) {
      bytes -= answer.size;
      if (holder.answers.isEmpty()) {
        holders.remove(answer.network);
      }
    }
  }

  private synchronized long bytes() {
    return bytes;
  }

  /** What one network has not taken, the oldest first. */
  private static final class Holder {
    private final LinkedHashSet<Answer> answers = new LinkedHashSet<>();
    private long bytes;

    private void add(Answer answer) {
      answers.add(answer);
      bytes += answer.size;
    }

    private boolean remove(Answer answer) {
      boolean was = answers.remove(answer);
      bytes -= was ? answer.size : 0;
      return was;
    }
  }

  /** One of them, which is only equal to itself. */
  private static final class Answer {
    private final String network;
    private final int size;
    private final Future<Void> sent;
    private final HttpServerRequest request;
    private final Context context;

    private Answer(
        String network, int size, Future<Void> sent, HttpServerRequest request, Context context) {
      this.network = network;
      this.size = size;
      this.sent = sent;
      this.request = request;
      this.context = context;
    }

    private void cut() {
      context.runOnContext(
          here -> {
            if (!sent.isComplete()) {
              EarlyEnd.cut(request);
            }
          });
    }
  }
}
