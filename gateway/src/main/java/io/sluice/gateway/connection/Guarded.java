package io.sluice.gateway.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.Handler;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;

/** Puts the guards into the pipeline of each new connection. */
public final class Guarded implements Handler<HttpConnection> {
  /** As Vert.x names it. */
  private static final String DECODER = "httpDecoder";

  private final Http1ServerConfig http1;
  private final Duration headDeadline;
  private final Duration idleMax;
  private final Counter late;

  /**
   * @param http1 the bounds of lines and headers, the same as the server's own
   * @param idleMax how long a connection of HTTP/2 may be without a request
   */
  public Guarded(
      Http1ServerConfig http1, Duration headDeadline, Duration idleMax, MeterRegistry meters) {
    this.http1 = http1;
    this.headDeadline = headDeadline;
    this.idleMax = idleMax;
    this.late =
        Counter.builder("sluice.gateway.connections.late")
            .description("Connections that were closed since no request came in time")
            .register(meters);
  }

  @Override
  public void handle(HttpConnection connection) {
    ChannelPipeline pipeline =
        ((HttpServerConnection) connection).channelHandlerContext().pipeline();
    IdleGuard.install(pipeline);
    if (pipeline.get(DECODER) != null) {
      StrictDecoder decoder = new StrictDecoder(http1, headDeadline, late::increment);
      pipeline.replace(DECODER, DECODER, decoder);
      pipeline.addAfter(DECODER, null, decoder.wishes());
    }
    Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
    if (http2 != null) {
      new QuietHttp2(pipeline.channel(), http2.connection(), headDeadline, idleMax, late::increment)
          .watch();
    }
  }
}
