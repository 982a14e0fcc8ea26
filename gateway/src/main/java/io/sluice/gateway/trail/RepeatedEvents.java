package io.sluice.gateway.trail;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Events that a client can cause as often as it likes: the first of a kind is in the audit log at
 * once, those of the following minute together, with how often they came as {@code times}. Kinds of
 * an action beyond a bound are told as one, so that not even a crowd fills the disk; each action
 * has a bound of its own, so that what strangers can cause crowds out nothing else. Safe from any
 * thread.
 */
public final class RepeatedEvents {
  private static final Duration TOGETHER = Duration.ofMinutes(1);
  static final int KINDS_MAX = 5_000;

  private final Trail trail;
  private final InstantSource clock;
  private final Map<Action, Map<Object, Untold>> watched = new EnumMap<>(Action.class);

  public RepeatedEvents(Trail trail, InstantSource clock) {
    this.trail = trail;
    this.clock = clock;
  }

  /**
   * Writes it down now, or with others of its kind within a minute.
   *
   * @param kind what makes events of an action the same; of those that are told together the last
   *     one is shown
   */
  public void add(Object kind, AuditEvent event) {
    Optional<AuditEvent> now = Optional.empty();
    synchronized (watched) {
      Map<Object, Untold> kinds =
          watched.computeIfAbsent(event.action(), action -> new LinkedHashMap<>());
      boolean room = kinds.containsKey(kind) || kinds.size() < KINDS_MAX;
      Object place = room ? kind : new Others(event.outcome());
      AuditEvent last = room ? event : others(event);
      Optional<Untold> known = Optional.ofNullable(kinds.get(place));
      if (known.isPresent() && clock.instant().isBefore(known.get().due())) {
        kinds.put(place, known.get().more(last));
      } else {
        long times = known.map(Untold::times).orElse(0L) + 1;
        now = Optional.of(last.detail("times", String.valueOf(times)));
        kinds.put(place, untold(last));
      }
    }
    now.ifPresent(trail::add);
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
      watched.values().forEach(kinds -> tell(kinds, until, events));
    }
    events.forEach(trail::add);
  }

  private void tell(Map<Object, Untold> kinds, Instant until, List<AuditEvent> events) {
    Iterator<Map.Entry<Object, Untold>> each = kinds.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Object, Untold> entry = each.next();
      Untold untold = entry.getValue();
      if (untold.due().isAfter(until)) {
        continue;
      }
      if (untold.times() > 0) {
        events.add(untold.last().detail("times", String.valueOf(untold.times())));
        entry.setValue(untold(untold.last()));
      } else {
        each.remove();
      }
    }
  }

  private Untold untold(AuditEvent last) {
    return new Untold(clock.instant().plus(TOGETHER), 0, last);
  }

  /** What is left of an event whose kind there was no room for. */
  private static AuditEvent others(AuditEvent event) {
    return AuditEvent.of(event.at(), event.action(), event.outcome()).detail("kinds", "many");
  }

  private record Others(Outcome outcome) {}

  /** What has happened since the last event of its kind. */
  private record Untold(Instant due, long times, AuditEvent last) {
    Untold more(AuditEvent event) {
      return new Untold(due, times + 1, event);
    }
  }
}
