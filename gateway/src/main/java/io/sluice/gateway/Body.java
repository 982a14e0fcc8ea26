package io.sluice.gateway;

import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Function;

/**
 * Reads the body of a request: bounded in bytes, in time and in the memory that all bodies have
 * together ({@link BodyMemory}), whatever the client declares. Its deadline is absolute, since a
 * body that drips in never lets a connection fall idle.
 */
public final class Body {
  private final Vertx vertx;
  private final int bytesMax;
  private final Duration deadline;

  public Body(Vertx vertx, GatewayConfig config) {
    this(vertx, config.limits().bodyBytesMax(), config.timing().bodyDeadline());
  }

  /**
   * @param deadline by when it is whole, from the moment that it is read
   */
  public Body(Vertx vertx, int bytesMax, Duration deadline) {
    this.vertx = vertx;
    this.bytesMax = bytesMax;
    this.deadline = deadline;
  }

  /** Reads JSON, and keeps room in memory for it until its use is over. */
  public <T> Future<T> read(RoutingContext http, Function<Buffer, Future<T>> use) {
    return isJson(http.request().getHeader("Content-Type"))
        ? bytes(http, use)
        : refuse(ProblemCode.UNSUPPORTED_MEDIA_TYPE.with("Send application/json."));
  }

  /** The same of a body whose type has been looked at; fails with a {@code Refusal}. */
  public <T> Future<T> bytes(RoutingContext http, Function<Buffer, Future<T>> use) {
    HttpServerRequest request = http.request();
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return refuse(ProblemCode.UNSUPPORTED_MEDIA_TYPE.with("Send the body uncompressed."));
    }
    String declared = request.getHeader("Content-Length");
    if (declared != null && (declared.length() > 12 || Long.parseLong(declared) > bytesMax)) {
      return refuse(tooLarge());
    }
    BodyMemory.Place place;
    try {
      place = BodyMemory.place(http);
    } catch (Refusal full) {
      return Future.failedFuture(full);
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    return collect(request, place).compose(use).onComplete(used -> place.close());
  }

  private Future<Buffer> collect(HttpServerRequest request, BodyMemory.Place place) {
    Parts parts = new Parts(place);
    Future<Buffer> whole = parts.whole.future();
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            late ->
                parts.fail(
                    ProblemCode.BODY_TIMEOUT
                        .with("It has to be complete within " + deadline.toSeconds() + " s.")
                        .closing()
                        .refusal()));
    request.handler(parts::add);
    request.exceptionHandler(parts::fail);
    request.endHandler(end -> parts.end());
    return whole.onComplete(done -> vertx.cancelTimer(timer));
  }

  /** What has come of a body; lets go of it at its end, since its request may go on for long. */
  private final class Parts {
    private final BodyMemory.Place place;
    private Buffer body = Buffer.buffer();
    private Promise<Buffer> whole = Promise.promise();
    private boolean over;

    private Parts(BodyMemory.Place place) {
      this.place = place;
    }

    private void add(Buffer part) {
      if (over) {
        return;
      }
      if (body.length() + part.length() > bytesMax) {
        fail(tooLarge().closing().refusal());
        return;
      }
      try {
        place.take(part.length());
        body.appendBuffer(part);
      } catch (Refusal full) {
        fail(full);
      }
    }

    private void end() {
      Buffer read = body;
      finish().tryComplete(read);
    }

    private void fail(Throwable why) {
      finish().tryFail(why);
    }

    private Promise<Buffer> finish() {
      Promise<Buffer> ended = whole;
      over = true;
      body = Buffer.buffer();
      whole = Promise.promise();
      return ended;
    }
  }

  private Problem tooLarge() {
    return ProblemCode.BODY_TOO_LARGE
        .with("At most " + bytesMax + " bytes are taken.")
        .member("limit", bytesMax);
  }

  private static boolean isJson(String type) {
    if (type == null) {
      return false;
    }
    String[] parts = type.split(";", 2);
    boolean utf8 = parts.length == 1 || parts[1].strip().matches("(?i)charset=\"?utf-8\"?");
    return utf8 && parts[0].strip().equalsIgnoreCase("application/json");
  }

  private static <T> Future<T> refuse(Problem problem) {
    return Future.failedFuture(problem.closing().refusal());
  }
}
