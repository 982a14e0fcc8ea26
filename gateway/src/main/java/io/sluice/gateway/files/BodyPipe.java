package io.sluice.gateway.files;

import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of a request on their way from its event loop to a thread that may block. While more
 * are waiting than {@link #BYTES_MAX} the client is not read from. A client that sends next to
 * nothing for the time of silence, although it is read from, is given up.
 */
final class BodyPipe extends InputStream {
  static final int BYTES_MAX = 128 * 1024;

  /** So much in each time of silence, or the request comes to its end. */
  private static final int BYTES_MIN = 4 * 1024;

  /** Longer than any connection is idle: a thread never waits for what cannot come. */
  private static final long READ_MINUTES = 5;

  private final HttpServerRequest request;
  private final Context context;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private int offset;
  private boolean paused;
  private boolean wasPaused;
  private boolean over;
  private RuntimeException failure;
  private long inWindow;

  private BodyPipe(HttpServerRequest request, Context context) {
    this.request = request;
    this.context = context;
  }

  /** Begins to take the body of a request; called on its event loop. */
  static BodyPipe of(Vertx vertx, HttpServerRequest request, Duration silence) {
    BodyPipe pipe = new BodyPipe(request, vertx.getOrCreateContext());
    request.handler(pipe::arrived);
    request.exceptionHandler(left -> pipe.end(gone()));
    request.endHandler(ended -> pipe.end(null));
    vertx.setPeriodic(
        silence.toMillis(),
        timer -> {
          if (pipe.isOver()) {
            vertx.cancelTimer(timer);
          } else if (pipe.isSilent()) {
            vertx.cancelTimer(timer);
            pipe.end(late(silence));
          }
        });
    return pipe;
  }

  private static RuntimeException gone() {
    return ProblemCode.MALFORMED_REQUEST.with("The request broke off.").closing().refusal();
  }

  private static RuntimeException late(Duration silence) {
    return ProblemCode.BODY_TIMEOUT
        .with("Send at least " + BYTES_MIN + " bytes within each " + silence.toSeconds() + " s.")
        .closing()
        .refusal();
  }

  private void arrived(Buffer part) {
    lock.lock();
    try {
      inWindow += part.length();
      if (over || part.length() == 0) {
        return;
      }
      waiting.add(part.getBytes());
      waitingBytes += part.length();
      changed.signalAll();
      if (waitingBytes > BYTES_MAX && !paused) {
        paused = true;
        wasPaused = true;
        request.pause();
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(RuntimeException why) {
    lock.lock();
    try {
      if (!over) {
        over = true;
        failure = why;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  private boolean isSilent() {
    lock.lock();
    try {
      boolean silent = inWindow < BYTES_MIN && !paused && !wasPaused;
      inWindow = 0;
      wasPaused = paused;
      return silent;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int at, int length) throws IOException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !over) {
        await();
      }
      if (failure != null) {
        throw failure;
      }
      return waiting.isEmpty() ? -1 : take(target, at, length);
    } finally {
      lock.unlock();
    }
  }

  private void await() throws IOException {
    try {
      if (!changed.await(READ_MINUTES, TimeUnit.MINUTES)) {
        throw new IOException("nothing came");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private int take(byte[] target, int at, int length) {
    byte[] first = waiting.getFirst();
    int taken = Math.min(length, first.length - offset);
    System.arraycopy(first, offset, target, at, taken);
    offset += taken;
    waitingBytes -= taken;
    if (offset == first.length) {
      waiting.removeFirst();
      offset = 0;
    }
    if (paused && waitingBytes <= BYTES_MAX / 2) {
      paused = false;
      context.runOnContext(here -> request.resume());
    }
    return taken;
  }

  /** What still comes is read and dropped. */
  @Override
  public void close() {
    lock.lock();
    try {
      over = true;
      waiting.clear();
      waitingBytes = 0;
      if (paused) {
        paused = false;
        context.runOnContext(here -> request.resume());
      }
    } finally {
      lock.unlock();
    }
  }
}
