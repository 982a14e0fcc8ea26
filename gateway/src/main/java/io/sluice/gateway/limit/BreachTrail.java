package io.sluice.gateway.limit;

import io.sluice.Admission.Level;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Limit;
import io.sluice.gateway.trail.Trail;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Breaches of limits in the audit log: the first at once, those of the following minute together,
 * so that a client that hammers does not fill the disk. Safe from any thread.
 */
public final class BreachTrail {
  private static final Duration TOGETHER = Duration.ofMinutes(1);
  static final int WATCHED_MAX = 10_000;

  private final Trail trail;
  private final InstantSource clock;
  private final Map<Breach, Untold> watched = new LinkedHashMap<>();

  public BreachTrail(Trail trail, InstantSource clock) {
    this.trail = trail;
    this.clock = clock;
  }

  /** Writes it down now, or with others of its kind within a minute. */
  void add(String tenant, Level level, Outcome outcome) {
    Breach breach = new Breach(tenant, level.limit(), outcome);
    Instant now = clock.instant();
    List<AuditEvent> events = new ArrayList<>();
    synchronized (watched) {
      Optional<Untold> known = Optional.ofNullable(watched.remove(breach));
      if (known.isPresent() && now.isBefore(known.get().due())) {
        watched.put(breach, known.get().more(level.bound()));
      } else {
        long times = known.map(Untold::times).orElse(0L) + 1;
        events.add(event(now, breach, level.bound(), times));
        watched.put(breach, new Untold(now.plus(TOGETHER), 0, level.bound()));
      }
      if (watched.size() > WATCHED_MAX) {
        forget(watched.entrySet().iterator(), now, events);
      }
    }
    events.forEach(trail::add);
  }

  /** Writes down what has waited for its minute. */
  public void tell() {
    tell(clock.instant());
  }

  /** Writes down all that waits; for the end of a process. */
  public void tellAll() {
    tell(Instant.MAX);
  }

  private void tell(Instant until) {
    List<AuditEvent> events = new ArrayList<>();
    synchronized (watched) {
      Iterator<Map.Entry<Breach, Untold>> each = watched.entrySet().iterator();
      while (each.hasNext()) {
        Map.Entry<Breach, Untold> entry = each.next();
        if (entry.getValue().due().isAfter(until)) {
          continue;
        }
        if (entry.getValue().times() > 0) {
          events.add(
              event(
                  clock.instant(),
                  entry.getKey(),
                  entry.getValue().bound(),
                  entry.getValue().times()));
          entry.setValue(new Untold(clock.instant().plus(TOGETHER), 0, entry.getValue().bound()));
        } else {
          each.remove();
        }
      }
    }
    events.forEach(trail::add);
  }

  private void forget(
      Iterator<Map.Entry<Breach, Untold>> each, Instant now, List<AuditEvent> events) {
    Map.Entry<Breach, Untold> oldest = each.next();
    if (oldest.getValue().times() > 0) {
      events.add(event(now, oldest.getKey(), oldest.getValue().bound(), oldest.getValue().times()));
    }
    each.remove();
  }

  private AuditEvent event(Instant now, Breach breach, long bound, long times) {
    return AuditEvent.of(now, AuditEvent.Action.LIMIT, breach.outcome())
        .tenant(breach.tenant())
        .target(breach.limit().wireName())
        .detail("bound", String.valueOf(bound))
        .detail("times", String.valueOf(times));
  }

  private record Breach(String tenant, Limit limit, Outcome outcome) {}

  /** What has happened since the last event of its kind. */
  private record Untold(Instant due, long times, long bound) {
    Untold more(long boundNow) {
      return new Untold(due, times + 1, boundNow);
    }
  }
}
