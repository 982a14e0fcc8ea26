package io.sluice.cli.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A stream that is closed when nothing arrives for too long, since Java's HTTP client has no
 * deadline for a body. A server comments every 15 seconds, so silence means that it is gone.
 */
final class IdleStream extends FilterInputStream {
  private final long idleNanos;
  private volatile long lastRead = System.nanoTime();
  private volatile boolean closed;

  IdleStream(InputStream in, Duration idle) {
    super(in);
    this.idleNanos = idle.toNanos();
  }

  /** Begins to watch. */
  IdleStream watched() {
    Thread.ofVirtual().name("sse-idle").start(this::watch);
    return this;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    lastRead = System.nanoTime();
    return b;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = super.read(bytes, from, length);
    lastRead = System.nanoTime();
    return count;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    super.close();
  }

  private void watch() {
    while (!closed) {
      long left = lastRead + idleNanos - System.nanoTime();
      if (left <= 0) {
        quietlyClose();
      } else {
        LockSupport.parkNanos(left);
      }
    }
  }

  private void quietlyClose() {
    try {
      close();
    } catch (IOException e) {
      // The reader finds the stream closed either way.
    }
  }
}
