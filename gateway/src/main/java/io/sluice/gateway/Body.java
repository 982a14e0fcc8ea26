package io.sluice.gateway;

import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Reads the body of a request: bounded in bytes and in time, whatever the client declares. Its
 * deadline is absolute, since a body that drips in never lets a connection fall idle.
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

  /** Reads JSON. */
  public Future<Buffer> read(HttpServerRequest request) {
    return isJson(request.getHeader("Content-Type"))
        ? bytes(request)
        : refuse(ProblemCode.UNSUPPORTED_MEDIA_TYPE.with("Send application/json."));
  }

  /** Reads a body whose type has been looked at; fails with a {@code Refusal}. */
  public Future<Buffer> bytes(HttpServerRequest request) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return refuse(ProblemCode.UNSUPPORTED_MEDIA_TYPE.with("Send the body uncompressed."));
    }
    String declared = request.getHeader("Content-Length");
    if (declared != null && (declared.length() > 12 || Long.parseLong(declared) > bytesMax)) {
      return refuse(tooLarge());
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    return collect(request);
  }

  private Future<Buffer> collect(HttpServerRequest request) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            late ->
                whole.tryFail(
                    ProblemCode.BODY_TIMEOUT
                        .with("It has to be complete within " + deadline.toSeconds() + " s.")
                        .closing()
                        .refusal()));
    request.handler(
        part -> {
          if (body.length() + part.length() <= bytesMax) {
            body.appendBuffer(part);
          } else {
            whole.tryFail(tooLarge().closing().refusal());
          }
        });
    request.exceptionHandler(whole::tryFail);
    request.endHandler(end -> whole.tryComplete(body));
    return whole.future().onComplete(done -> vertx.cancelTimer(timer));
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

  private static Future<Buffer> refuse(Problem problem) {
    return Future.failedFuture(problem.closing().refusal());
  }
}
