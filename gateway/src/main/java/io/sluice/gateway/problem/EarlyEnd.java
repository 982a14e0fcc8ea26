package io.sluice.gateway.problem;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Optional;

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

  private static final AttributeKey<Boolean> ANNOUNCED =
      AttributeKey.valueOf("sluice.connection.end");

  private EarlyEnd() {}

  /**
   * Says in the head of the answer that nothing more is read, where the protocol has a word; from
   * here on no other request of the connection is served, though it may have been sent already.
   */
  public static void announce(HttpServerRequest request) {
    if (!shared(request)) {
      request.response().putHeader("Connection", "close");
      channel(request).ifPresent(channel -> channel.attr(ANNOUNCED).set(true));
    }
  }

  /** Whether the connection of a request was to end before it. */
  public static boolean wasAnnounced(HttpServerRequest request) {
    return channel(request).map(channel -> channel.attr(ANNOUNCED).get() != null).orElse(false);
  }

  /** Ends it after the answer. */
  public static void after(Future<Void> answer, Vertx vertx, HttpServerRequest request) {
    if (shared(request)) {
      answer.onComplete(sent -> resetUnlessEnded(request));
    } else {
      request.resume();
      vertx.setTimer(LINGER_MS, timer -> cut(request));
    }
  }

  /** Once it is answered, ends what the client has not sent to its end soon after. */
  public static void ofLeftovers(Vertx vertx, HttpServerRequest request) {
    if (!request.isEnded()) {
      request.resume();
      vertx.setTimer(
          LINGER_MS,
          timer -> {
            if (shared(request)) {
              resetUnlessEnded(request);
            } else if (!request.isEnded()) {
              cut(request);
            }
          });
    }
  }

  /**
   * Cuts an exchange at once, whatever is unsent: the only way left to say that an answer which had
   * begun is not whole. The ordinary close waits until all is sent, which a client that does not
   * read never lets happen.
   */
  public static void cut(HttpServerRequest request) {
    if (shared(request)) {
      request.response().reset(INTERNAL_ERROR);
    } else if (request.connection() instanceof HttpServerConnection connection) {
      connection.channelHandlerContext().close();
    } else {
      request.connection().close();
    }
  }

  private static Optional<Channel> channel(HttpServerRequest request) {
    return request.connection() instanceof HttpServerConnection connection
        ? Optional.of(connection.channelHandlerContext().channel())
        : Optional.empty();
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
