package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.Jobs;
import io.sluice.worker.Lifecycle.Phase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In the time of the model server, which is exact. */
class CalibrationTest {
  private static final double ONE = 100;

  private final Lifecycle life = new Lifecycle();
  private PacedModelServer server = new PacedModelServer(CalibrationTest::peaksAtFour);
  private AdaptiveSlots slots = new AdaptiveSlots("engine-1", 8, InstantSource.system());

  private static double peaksAtFour(int requests) {
    return new TreeMap<>(Map.of(1, 1.0, 2, 1.7, 4, 2.6, 8, 2.3, 3, 2.2))
        .floorEntry(requests)
        .getValue();
  }

  private Calibration calibration() {
    return new Calibration(server, slots, life, server::nanoTime);
  }

  /** Whether the server is still as its probe found it. */
  private boolean finish(Calibration calibration) {
    return calibration.finish(Jobs.POOL, () -> slots.slots().take()).isEmpty();
  }

  @Test
  void the_number_of_slots_at_the_peak_of_the_curve_is_kept() {
    Calibration calibration = calibration();
    assertThat(finish(calibration)).isTrue();
    assertThat(slots.slots().total()).isEqualTo(4);
    assertThat(slots.most()).isEqualTo(4);
    var curve = calibration.curve().tokensPerSecond();
    assertThat(curve).containsOnlyKeys(1, 2, 4, 8);
    assertThat(curve.get(1)).isCloseTo(ONE, within(0.01));
    assertThat(curve.get(2)).isCloseTo(1.7 * ONE, within(0.01));
    assertThat(curve.get(4)).isCloseTo(2.6 * ONE, within(0.01));
    assertThat(curve.get(8)).isCloseTo(2.3 * ONE, within(0.01));
    assertThat(slots.slots().busy()).isZero();
    assertThat(server.open()).isZero();
  }

  @Test
  void it_is_measured_once() {
    Calibration calibration = calibration();
    finish(calibration);
    assertThat(calibration.isDone()).isTrue();
    assertThat(finish(calibration)).isTrue();
    assertThat(server.started).hasValue(1 + 2 + 4 + 8);
    assertThat(server.mostOpen).hasValue(8);
  }

  @Test
  void every_request_is_like_a_job_of_the_pool_and_no_two_are_alike() {
    finish(calibration());
    assertThat(server.jobs).extracting(Job::pool).containsOnly(Jobs.POOL);
    assertThat(server.jobs).extracting(Job::maxOutputTokens).containsOnly(SpeedTest.TOKENS);
    assertThat(server.jobs.stream().map(Job::request).collect(Collectors.toSet())).hasSize(15);
  }

  @Test
  void a_failure_bounds_the_number_from_above_and_asks_for_another_probe() {
    server = new PacedModelServer(requests -> (double) requests);
    server.failsFrom = 4;
    Calibration calibration = calibration();
    assertThat(finish(calibration)).isFalse();
    assertThat(slots.slots().total()).isEqualTo(2);
    assertThat(calibration.curve().tokensPerSecond()).containsOnlyKeys(1, 2);
    assertThat(slots.slots().busy()).isZero();
    assertThat(server.open()).isZero();

    assertThat(finish(calibration)).isTrue();
    assertThat(server.started).hasValue(1 + 2 + 4);
  }

  @ParameterizedTest
  @EnumSource(names = {"ENGINE_UNREACHABLE", "ENGINE_LOADING", "ENGINE_MODEL_MISSING"})
  void a_server_that_is_restarted_in_the_middle_of_it_is_measured_anew(FailureCode code) {
    server.fails = code;
    server.failsFrom = 2;
    Calibration calibration = calibration();
    assertThat(finish(calibration)).isFalse();
    assertThat(calibration.isDone()).isFalse();
    assertThat(slots.slots().total()).isEqualTo(8);

    server.failsFrom = Integer.MAX_VALUE;
    assertThat(finish(calibration)).isTrue();
    assertThat(slots.slots().total()).isEqualTo(4);
  }

  @Test
  void a_server_that_is_lost_each_time_is_bounded_by_that_in_the_end() {
    server.fails = FailureCode.ENGINE_UNREACHABLE;
    server.failsFrom = 4;
    Calibration calibration = calibration();
    for (int i = 0; i < Calibration.TRIES_MOST; i++) {
      assertThat(calibration.isDone()).isFalse();
      assertThat(finish(calibration)).isFalse();
    }
    assertThat(finish(calibration)).isTrue();
    assertThat(slots.slots().total()).isEqualTo(2);
  }

  @Test
  void a_server_that_fails_at_once_keeps_its_slots() {
    server.failsFrom = 1;
    Calibration calibration = calibration();
    assertThat(finish(calibration)).isFalse();
    assertThat(slots.slots().total()).isEqualTo(8);
    assertThat(calibration.curve().isEmpty()).isTrue();
    assertThat(finish(calibration)).isTrue();
    assertThat(server.started).hasValue(1);
  }

  @Test
  void a_server_that_says_nothing_is_given_up_in_time() {
    server.silent = true;
    long began = server.nanoTime();
    assertThat(finish(calibration())).isFalse();
    assertThat(slots.slots().total()).isEqualTo(8);
    assertThat(Duration.ofNanos(server.nanoTime() - began))
        .isLessThanOrEqualTo(Calibration.WITHIN.dividedBy(4).plusMillis(10));
    assertThat(server.open()).isZero();
  }

  @Test
  void answers_of_different_lengths_say_the_same() {
    server.length = job -> job.request().contains("0. Write") ? 30 : 64;
    Calibration calibration = calibration();
    assertThat(finish(calibration)).isTrue();
    assertThat(slots.slots().total()).isEqualTo(4);
    assertThat(calibration.curve().tokensPerSecond().get(8)).isCloseTo(2.3 * ONE, within(0.01));
  }

  @Test
  void what_came_within_the_time_counts() {
    // A token takes ten seconds.
    server = new PacedModelServer(requests -> 0.001);
    SpeedTest test = new SpeedTest(server, Jobs.POOL, server::nanoTime, () -> true);
    SpeedTest.Reading reading = test.measure(1, Duration.ofSeconds(35));
    assertThat(reading).isEqualTo(new SpeedTest.Reading.Speed(0.1));
    assertThat(server.open()).isZero();
  }

  @Test
  void nothing_is_measured_without_every_slot_in_hand() {
    var held = slots.slots().take();
    assertThat(held).isPresent();
    assertThat(finish(calibration())).isFalse();
    assertThat(server.started).hasValue(0);
    assertThat(slots.slots().busy()).isOne();
  }

  @Test
  void a_worker_that_stops_measures_no_further() {
    life.enter(Phase.DRAINING);
    assertThat(finish(calibration())).isFalse();
    assertThat(server.started).hasValue(0);
    assertThat(slots.slots().busy()).isZero();
  }

  @Test
  void a_worker_that_is_paused_in_the_middle_of_it_begins_anew() {
    server.length =
        job -> {
          if (server.started.get() == 3) {
            life.pause(true);
          }
          return job.maxOutputTokens();
        };
    Calibration calibration = calibration();
    assertThat(finish(calibration)).isFalse();
    assertThat(calibration.isDone()).isFalse();
    assertThat(slots.slots().total()).isEqualTo(8);
    assertThat(server.open()).isZero();

    life.pause(false);
    assertThat(finish(calibration)).isTrue();
    assertThat(slots.slots().total()).isEqualTo(4);
    assertThat(calibration.curve().tokensPerSecond()).containsOnlyKeys(1, 2, 4, 8);
  }

  @Test
  void an_adapter_that_breaks_is_a_failure_like_any_other() {
    server.breaks = true;
    Calibration calibration = calibration();
    assertThat(finish(calibration)).isFalse();
    assertThat(slots.slots().total()).isEqualTo(8);
    assertThat(slots.slots().busy()).isZero();
    assertThat(server.open()).isZero();
    assertThat(finish(calibration)).isTrue();
  }
}
