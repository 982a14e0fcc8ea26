package io.sluice.gateway.stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Subscription;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many event streams and waits for jobs are open, per key, per tenant and in total, and how
 * many may be.
 */
public final class Readers {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final StreamBounds bounds;
  private final AtomicInteger total = new AtomicInteger();
  private final ConcurrentHashMap<String, Integer> perKey = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Integer> perTenant = new ConcurrentHashMap<>();

  public Readers(StreamBounds bounds, MeterRegistry meters) {
    this.bounds = bounds;
    Gauge.builder("sluice.gateway.readers", total, AtomicInteger::get)
        .description("Event streams and waits for jobs that are open")
        .register(meters);
  }

  /** A place for one more stream or wait, to be closed with it; refuses where there is none. */
  public Subscription enter(Caller caller) {
    int all = total.incrementAndGet();
    int ofTenant = perTenant.merge(caller.tenant(), 1, Integer::sum);
    int ofKey = perKey.merge(caller.principal(), 1, Integer::sum);
    Optional<Problem> problem = problem(all, ofTenant, ofKey);
    if (problem.isPresent()) {
      leave(caller);
      throw problem.get().retryAfter(RETRY_AFTER).refusal();
    }
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (left.compareAndSet(false, true)) {
        leave(caller);
      }
    };
  }

  private Optional<Problem> problem(int all, int ofTenant, int ofKey) {
    if (ofKey > bounds.perKeyMax()) {
      return Optional.of(tooMany("One key", bounds.perKeyMax()));
    }
    if (ofTenant > bounds.perTenantMax()) {
      return Optional.of(tooMany("The keys of one tenant", bounds.perTenantMax()));
    }
    return all > bounds.max()
        ? Optional.of(ProblemCode.OVERLOADED.with("All event streams and waits are taken."))
        : Optional.empty();
  }

  private static Problem tooMany(String who, int max) {
    return ProblemCode.TOO_MANY_READERS.with(
        who + " may hold " + max + " event streams and waits open.");
  }

  private void leave(Caller caller) {
    total.decrementAndGet();
    less(perTenant, caller.tenant());
    less(perKey, caller.principal());
  }

  private static void less(ConcurrentHashMap<String, Integer> counts, String name) {
    counts.computeIfPresent(name, (same, count) -> count == 1 ? null : count - 1);
  }
}
