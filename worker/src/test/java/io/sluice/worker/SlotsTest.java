package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private final Slots slots = new Slots(4);
  private final AtomicInteger calls = new AtomicInteger();

  private List<Capacity.Slot> take(int count) {
    return Stream.generate(() -> slots.take().orElseThrow()).limit(count).toList();
  }

  @Test
  void as_many_are_given_as_there_are() {
    take(4);
    assertThat(slots.take()).isEmpty();
    assertThat(slots.hasRoom()).isFalse();
    assertThat(slots.busy()).isEqualTo(4);
  }

  @Test
  void what_runs_beyond_a_smaller_number_goes_on_and_nothing_starts_until_it_fits() {
    List<Capacity.Slot> running = take(4);
    slots.resize(2);
    assertThat(slots.busy()).isEqualTo(4);
    running.get(0).release();
    running.get(1).release();
    assertThat(slots.hasRoom()).isFalse();
    assertThat(slots.take()).isEmpty();
    running.get(2).release();
    assertThat(slots.take()).isPresent();
    assertThat(slots.take()).isEmpty();
  }

  @Test
  void whoever_waits_is_told_when_there_are_more_and_not_when_there_are_fewer() {
    slots.onRoom(calls::incrementAndGet);
    slots.resize(1);
    assertThat(calls).hasValue(0);
    slots.resize(1);
    assertThat(calls).hasValue(0);
    slots.resize(3);
    assertThat(calls).hasValue(1);
    assertThat(slots.total()).isEqualTo(3);
    assertThat(slots.most()).isEqualTo(4);
  }

  @Test
  void a_slot_that_is_given_back_twice_counts_once() {
    List<Capacity.Slot> running = take(4);
    running.getFirst().release();
    running.getFirst().release();
    assertThat(slots.busy()).isEqualTo(3);
    take(1);
    assertThat(slots.take()).isEmpty();
  }

  @Test
  void there_is_always_one_and_never_more_than_the_most() {
    assertThatThrownBy(() -> slots.resize(0)).hasMessageContaining("1..4");
    assertThatThrownBy(() -> slots.resize(5)).hasMessageContaining("1..4");
    assertThat(slots.total()).isEqualTo(4);
  }
}
