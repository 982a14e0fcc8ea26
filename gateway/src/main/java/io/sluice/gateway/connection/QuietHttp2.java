package io.sluice.gateway.connection;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Looks now and then whether a connection of HTTP/2 is for anything: one that brings no request in
 * time, or none any more, is closed, however many frames or parts of frames it sends. A request
 * counts from the moment that its headers are whole. Belongs to the event loop of the connection.
 */
final class QuietHttp2 {
  private final Channel channel;
  private final Http2Connection connection;
  private final Duration deadline;
  private final Duration idleMax;
  private final Runnable late;
  private int created;
  private Duration quiet = Duration.ZERO;

  /**
   * @param deadline for the first request; it is also looked once in so long
   * @param idleMax without a request after that, give or take a deadline
   * @param late is told when the connection was closed
   */
  QuietHttp2(
      Channel channel,
      Http2Connection connection,
      Duration deadline,
      Duration idleMax,
      Runnable late) {
    this.channel = channel;
    this.connection = connection;
    this.deadline = deadline;
    this.idleMax = idleMax;
    this.late = late;
  }

  void watch() {
    long millis = deadline.toMillis();
    ScheduledFuture<?> looking =
        channel.eventLoop().scheduleAtFixedRate(this::look, millis, millis, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> looking.cancel(false));
  }

  private void look() {
    int now = connection.remote().lastStreamCreated();
    boolean busy = connection.numActiveStreams() > 0 || now != created;
    created = now;
    quiet = busy ? Duration.ZERO : quiet.plus(deadline);
    boolean began = created > 0;
    if (!busy && (!began || quiet.compareTo(idleMax) >= 0)) {
      late.run();
      channel.close();
    }
  }
}
