package io.sluice.gateway.stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Subscription;
import io.sluice.gateway.GatewayConfig;
import io.sluice.gateway.problem.ProblemCode;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** How many event streams are open, per key and in total, and how many may be. */
public final class Readers {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final GatewayConfig.Limits limits;
  private final AtomicInteger total = new AtomicInteger();
  private final ConcurrentHashMap<String, Integer> perKey = new ConcurrentHashMap<>();

  public Readers(GatewayConfig.Limits limits, MeterRegistry meters) {
    this.limits = limits;
    Gauge.builder("sluice.gateway.readers", total, AtomicInteger::get)
        .description("Event streams that are open")
        .register(meters);
  }

  /** A place for one more stream, to be closed with it; refuses where there is none. */
  public Subscription enter(String principal) {
    if (total.incrementAndGet() > limits.readersMax()) {
      total.decrementAndGet();
      throw ProblemCode.OVERLOADED
          .with("All " + limits.readersMax() + " event streams are taken.")
          .retryAfter(RETRY_AFTER)
          .refusal();
    }
    if (perKey.merge(principal, 1, Integer::sum) > limits.readersPerKeyMax()) {
      leave(principal);
      throw ProblemCode.TOO_MANY_READERS
          .with("One key may hold " + limits.readersPerKeyMax() + " event streams open.")
          .retryAfter(RETRY_AFTER)
          .refusal();
    }
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (left.compareAndSet(false, true)) {
        leave(principal);
      }
    };
  }

  private void leave(String principal) {
    total.decrementAndGet();
    perKey.computeIfPresent(principal, (key, count) -> count == 1 ? null : count - 1);
  }
}
