package io.sluice.redis;

import io.sluice.Subscription;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Somebody who wants to be woken, until it is closed. */
record Watch(Runnable wake, Runnable leave, AtomicBoolean closed) implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  Watch(Runnable wake, Runnable leave) {
    this(wake, leave, new AtomicBoolean());
  }

  void run() {
    if (closed.get()) {
      return;
    }
    try {
      wake.run();
    } catch (RuntimeException e) {
      LOG.warn("a wake-up failed", e);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      leave.run();
    }
  }
}
