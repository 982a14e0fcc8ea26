package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ParkingTest {
  private final AtomicInteger places = new AtomicInteger(2);
  private final Parking parking = new Parking(places::get);

  @Test
  void there_are_as_many_places_as_slots_at_the_moment() {
    assertThat(parking.enter()).isTrue();
    assertThat(parking.enter()).isTrue();
    assertThat(parking.enter()).isFalse();
    places.set(3);
    assertThat(parking.enter()).isTrue();
    assertThat(parking.parked()).isEqualTo(3);
  }

  @Test
  void nobody_has_to_leave_when_there_are_fewer() {
    parking.enter();
    parking.enter();
    places.set(1);
    assertThat(parking.parked()).isEqualTo(2);
    parking.leave();
    assertThat(parking.enter()).isFalse();
    parking.leave();
    assertThat(parking.enter()).isTrue();
  }
}
