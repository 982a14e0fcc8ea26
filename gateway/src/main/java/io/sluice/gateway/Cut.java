package io.sluice.gateway;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;

/** Ends an exchange at once, whatever is still unsent. */
public final class Cut {
  private static final long CANCEL = 0x8;

  private Cut() {}

  /**
   * Closes the connection of HTTP/1, resets the stream of HTTP/2. The ordinary close waits until
   * all is sent, which a client that does not read never lets happen.
   */
  public static void off(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(CANCEL);
    } else if (request.connection() instanceof HttpServerConnection connection) {
      connection.channelHandlerContext().close();
    } else {
      request.connection().close();
    }
  }
}
