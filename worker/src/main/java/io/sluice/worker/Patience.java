package io.sluice.worker;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a port again until it answers. That is right for a worker because every call of the ports
 * may be sent twice, and because nothing may start or end while the store is away.
 */
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final long FIRST_MS = 50;
  private static final long MOST_MS = 2_000;
  private static final long LOG_EVERY_NANOS = Duration.ofSeconds(30).toNanos();

  private final Lifecycle life;

  /** When a part was last logged as away, so that not every job says so. */
  private final Map<String, Long> logged = new ConcurrentHashMap<>();

  Patience(Lifecycle life) {
    this.life = life;
  }

  /** The answer, however long it takes; {@link Unavailable} only once the worker is closed. */
  <T> T until(Supplier<Future<T>> call) {
    for (int tries = 0; ; tries++) {
      try {
        return Await.answer(call.get());
      } catch (Unavailable e) {
        noticed(e);
        if (!life.restUntilClosed(delayAfter(tries))) {
          throw e;
        }
      }
    }
  }

  /** Somebody found a part away, and goes on without it. */
  void noticed(Unavailable e) {
    long now = System.nanoTime();
    Long last = logged.get(e.part());
    if (last == null || now - last > LOG_EVERY_NANOS) {
      logged.put(e.part(), now);
      LOG.warn("{} is away, jobs wait for it: {}", e.part(), e.getMessage());
    }
  }

  /** Jitter over a doubling wait, so that the workers do not come back as one. */
  private static Duration delayAfter(int tries) {
    long most = Math.min(MOST_MS, FIRST_MS << Math.min(tries, 10));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }
}
