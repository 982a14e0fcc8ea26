package io.sluice.gateway.stream;

import io.sluice.gateway.problem.EarlyEnd;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * The answer of a stream, to a client that may not read it: what is unsent is bounded, and a client
 * that makes no room for too long is cut off. Belongs to the context of the request.
 */
public final class Wire {
  private static final int WRITE_QUEUE_BYTES = 64 * 1024;
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Duration stallMax;
  private long stalled = NO_TIMER;

  public Wire(Vertx vertx, HttpServerRequest request, Duration stallMax) {
    this.vertx = vertx;
    this.request = request;
    this.response = request.response();
    this.stallMax = stallMax;
  }

  /**
   * Sends the head.
   *
   * @param room is told when there is room again
   */
  public void open(String contentType, Runnable room) {
    response
        .setChunked(true)
        .putHeader("Content-Type", contentType)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Accel-Buffering", "no");
    response.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    response.drainHandler(
        drained -> {
          moves();
          room.run();
        });
  }

  /**
   * @param gone is told when nobody reads any more, at least once
   */
  public void whenGone(Runnable gone) {
    response.closeHandler(left -> gone(gone));
    response.exceptionHandler(broken -> gone(gone));
  }

  /** Nobody reads any more. */
  public void left() {
    moves();
  }

  private void gone(Runnable gone) {
    left();
    gone.run();
  }

  /** Whether nothing may be written now. */
  public boolean full() {
    boolean full = response.writeQueueFull();
    if (full && stalled == NO_TIMER) {
      stalled = vertx.setTimer(stallMax.toMillis(), fired -> EarlyEnd.cut(request));
    }
    return full;
  }

  public void write(Buffer bytes) {
    response.write(bytes);
  }

  void write(String frames) {
    response.write(frames);
  }

  /** Sends what is unsent and ends the answer, in good time. */
  public void end() {
    moves();
    Future<Void> sent = response.end();
    if (!sent.isComplete()) {
      long timer = vertx.setTimer(stallMax.toMillis(), fired -> EarlyEnd.cut(request));
      sent.onComplete(done -> vertx.cancelTimer(timer));
    }
  }

  private void moves() {
    vertx.cancelTimer(stalled);
    stalled = NO_TIMER;
  }
}
