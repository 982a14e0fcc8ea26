package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RepeatedEventsTest {
  private final TestClock clock = new TestClock();
  private final MemoryAudit audit = new MemoryAudit();
  private final Trail trail = new Trail(audit, clock, new SimpleMeterRegistry());
  private final RepeatedEvents repeated = new RepeatedEvents(trail, clock);

  @Test
  void the_first_is_told_at_once_and_the_rest_of_its_minute_together() {
    for (int i = 0; i < 4; i++) {
      add("a", "target " + i);
    }
    assertThat(audit.events).hasSize(1);
    repeated.tell();
    assertThat(audit.events).as("not before its time").hasSize(1);
    clock.move(Duration.ofMinutes(1));
    repeated.tell();
    assertThat(audit.events).hasSize(2);
    assertThat(audit.events.getLast().details()).containsEntry("times", "3");
    assertThat(audit.events.getLast().target()).as("of the last one").contains("target 3");
  }

  @Test
  void one_that_goes_on_is_told_once_a_minute_and_none_is_lost() {
    for (int second = 0; second < 600; second++) {
      add("a", "t");
      clock.move(Duration.ofSeconds(1));
      if (second % 10 == 0) {
        repeated.tell();
      }
    }
    repeated.tellAll();
    assertThat(audit.events).hasSizeBetween(10, 12);
    assertThat(times()).isEqualTo(600);
  }

  @Test
  void a_crowd_of_kinds_is_bounded_and_counted() {
    for (int i = 0; i < 100_000; i++) {
      add("kind " + i, "t");
    }
    repeated.tellAll();
    assertThat(audit.events).hasSizeLessThan(5_010);
    assertThat(times()).isEqualTo(100_000);
    assertThat(audit.events.getLast().details()).containsEntry("kinds", "many");
    clock.move(Duration.ofMinutes(1));
    repeated.tell();
    add("late", "again by itself");
    assertThat(audit.events.getLast().target()).contains("again by itself");
  }

  @Test
  void a_crowd_of_one_action_leaves_the_events_of_others_whole() {
    for (int i = 0; i < 20_000; i++) {
      add("kind " + i, "t");
    }
    repeated.add(
        "grant", trail.event(Action.TOKEN_REUSE, Outcome.REFUSED).detail("grant", "the grant"));
    assertThat(audit.events.getLast().details()).containsEntry("grant", "the grant");
  }

  private void add(String kind, String target) {
    repeated.add(kind, trail.event(Action.LIMIT, Outcome.REFUSED).target(target));
  }

  private int times() {
    return audit.events.stream()
        .map(AuditEvent::details)
        .mapToInt(details -> Integer.parseInt(details.get("times")))
        .sum();
  }
}
