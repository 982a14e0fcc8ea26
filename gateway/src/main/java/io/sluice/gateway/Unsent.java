package io.sluice.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.gateway.problem.EarlyEnd;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was answered and not taken yet, by clients that read slowly or not at all. Long answers are
 * counted and have a deadline; while too much of them is unsent, no request is begun. Safe from any
 * thread.
 */
final class Unsent implements Handler<RoutingContext> {
  private static final String KEY = "sluice.unsent";

  /** Shorter answers are bounded by the number of connections. */
  private static final int COUNTED_FROM_BYTES = 16 * 1024;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final AtomicLong bytes = new AtomicLong();
  private final long bytesMax;
  private final Duration deadline;

  /**
   * @param bytesMax of long answers in memory, over by those that are being made
   * @param deadline by when a long answer has to be taken
   */
  Unsent(long bytesMax, Duration deadline, MeterRegistry meters) {
    this.bytesMax = bytesMax;
    this.deadline = deadline;
    Gauge.builder("sluice.gateway.unsent.bytes", bytes, AtomicLong::get)
        .description("Of long answers that clients have not taken yet")
        .register(meters);
  }

  static Unsent of(RoutingContext http) {
    return http.get(KEY);
  }

  @Override
  public void handle(RoutingContext http) {
    boolean health = http.normalizedPath().startsWith("/health/");
    if (bytes.get() > bytesMax && !health) {
      http.fail(
          ProblemCode.OVERLOADED
              .with("Clients have not taken what was answered before.")
              .retryAfter(RETRY_AFTER)
              .closing()
              .refusal());
    } else {
      http.put(KEY, this);
      http.next();
    }
  }

  /** Ends the answer with this body. */
  void end(RoutingContext http, String text) {
    Buffer body = Buffer.buffer(text);
    if (http.request().method() == HttpMethod.HEAD) {
      http.response().putHeader("Content-Length", String.valueOf(body.length())).end();
      return;
    }
    Future<Void> sent = http.response().end(body);
    if (body.length() >= COUNTED_FROM_BYTES && !sent.isComplete()) {
      count(http, body.length(), sent);
    }
  }

  private void count(RoutingContext http, int length, Future<Void> sent) {
    Vertx vertx = http.vertx();
    bytes.addAndGet(length);
    long timer = vertx.setTimer(deadline.toMillis(), late -> EarlyEnd.cut(http.request()));
    sent.onComplete(
        taken -> {
          bytes.addAndGet(-length);
          vertx.cancelTimer(timer);
        });
  }
}
