package io.sluice.gateway.problem;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * Ends what a client may still be sending when its answer is already decided. In HTTP/1.1 that is
 * the connection; in HTTP/2 it is one stream, and the others on its connection go on (RFC 9113
 * section 8.1).
 */
public final class EarlyEnd {
  private static final long NO_ERROR = 0;
  private static final long INTERNAL_ERROR = 2;

  /** What is still on its way gets this long to be thrown away, so that the answer is not lost. */
  private static final long LINGER_MS = 500;

  private EarlyEnd() {}

  /** Says in the head of the answer that nothing more is read, where the protocol has a word. */
  public static void announce(HttpServerRequest request) {
    if (!shared(request)) {
      request.response().putHeader("Connection", "close");
    }
  }

  /** Ends it after the answer. */
  public static void after(Future<Void> answer, Vertx vertx, HttpServerRequest request) {
    if (shared(request)) {
      answer.onComplete(sent -> resetUnlessEnded(request));
    } else {
      request.resume();
      vertx.setTimer(LINGER_MS, timer -> request.connection().close());
    }
  }

  /** Cuts an answer that had begun: the only way left to say that it is not whole. */
  static void cut(HttpServerRequest request) {
    if (shared(request)) {
      request.response().reset(INTERNAL_ERROR);
    } else {
      request.connection().close();
    }
  }

  private static void resetUnlessEnded(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (!request.isEnded() && !response.closed()) {
      response.reset(NO_ERROR);
    }
  }

  private static boolean shared(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }
}
