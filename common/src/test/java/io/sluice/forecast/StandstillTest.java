package io.sluice.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.JobClass;
import io.sluice.forecast.Town.Arrival;
import io.sluice.forecast.Town.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is told after a time in which nothing ran, in virtual time, and prints it: 16 slots, a load
 * of 1.05 before and afterwards.
 */
class StandstillTest {
  private static final int SLOTS = 16;
  private static final double PER_SECOND = 1.05 * SLOTS / 7.88;
  private static final int BEFORE = 600;
  private static final int AFTER = 800;

  private final List<Arrival> arrivals = new ArrayList<>();
  private Random random;

  /** Returns the time of the last one. */
  private long come(int jobs, double perSecond, long from) {
    double at = from;
    for (int n = 0; n < jobs; n++) {
      at -= Math.log(1 - random.nextDouble()) / perSecond * 1000;
      int output = Math.min(4096, Town.lengths(random, 256));
      int prompt = Town.lengths(random, 400);
      arrivals.add(new Arrival((long) at, "a", 1, JobClass.INTERACTIVE, prompt, output));
    }
    return (long) at;
  }

  private static double wait(Outcome outcome) {
    long end = outcome.forecast().p50().orElseThrow().toEpochMilli();
    return end - Town.EPOCH - outcome.arrival().at();
  }

  @ParameterizedTest
  @CsvSource({"2,0", "2,50", "60,50", "60,200", "60,600", "720,600"})
  void forecasts_are_as_good_as_before_it(int minutes, int waiting) {
    double told = 0;
    double waited = 0;
    for (int seed = 1; seed <= 5; seed++) {
      random = new Random(seed);
      arrivals.clear();
      long stops = come(BEFORE, PER_SECOND, 0);
      long goesOn = stops + Duration.ofMinutes(minutes).toMillis();
      come(waiting, 20, stops + 1_000);
      long later = goesOn + Math.round(1000 * waiting / PER_SECOND) + 60_000;
      come(AFTER, PER_SECOND, later);
      arrivals.sort(Comparator.comparingLong(Arrival::at));
      List<Outcome> outcomes =
          new Town(
                  SLOTS,
                  (arrival, at) -> {
                    long runs = Math.round(arrival.prompt() / 2.0 + arrival.output() * 30.0);
                    return at >= stops && at < goesOn ? goesOn - at + runs : runs;
                  })
              .run(arrivals);
      List<Outcome> after =
          outcomes.stream().filter(it -> it.arrival().at() >= later && it.hasToWait()).toList();
      assertThat(after).hasSizeGreaterThan(AFTER / 4);
      told += after.stream().mapToDouble(StandstillTest::wait).sum();
      waited += after.stream().mapToDouble(Outcome::waited).sum();
    }
    System.out.printf(
        "%d min, in which %d came: told %.2f of what they waited%n",
        minutes, waiting, told / waited);
    assertThat(told / waited).isBetween(0.6, 1.6);
  }
}
