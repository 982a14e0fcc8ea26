package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long BEGAN = 1_000_000_000L;

  /** Tokens at these seconds after the begin. */
  private static Arrivals arrivals(double[]... generations) {
    return new Arrivals(
        Stream.of(generations)
            .map(
                each ->
                    Arrays.stream(each)
                        .mapToObj(seconds -> BEGAN + Math.round(seconds * 1e9))
                        .toList())
            .toList());
  }

  private static double[] seconds(double... seconds) {
    return seconds;
  }

  @Test
  void the_time_before_the_first_token_does_not_count() {
    Arrivals one = arrivals(seconds(5, 6, 7, 8));
    assertThat(one.perSecond(BEGAN)).contains(1.0);
  }

  @Test
  void only_the_time_in_which_all_spoke_counts() {
    Arrivals two = arrivals(seconds(2, 3, 4, 4.1, 4.2), seconds(1, 2, 3, 4));
    assertThat(two.perSecond(BEGAN)).contains(2.0);
  }

  @Test
  void where_some_waited_until_others_had_ended_everything_counts() {
    Arrivals inTurn = arrivals(seconds(1, 2, 3, 4), seconds(5, 6, 7, 8));
    assertThat(inTurn.perSecond(BEGAN)).contains(1.0);
    Arrivals barelyTogether = arrivals(seconds(1, 2, 3, 4), seconds(3.9, 5, 6, 7, 8));
    assertThat(barelyTogether.perSecond(BEGAN)).contains(9.0 / 8);
  }

  @Test
  void a_generation_that_said_nothing_counts_with_the_whole_time() {
    assertThat(arrivals(seconds(1, 2, 3, 4), seconds()).perSecond(BEGAN)).contains(1.0);
  }

  @Test
  void no_token_is_no_speed() {
    assertThat(arrivals(seconds(), seconds()).perSecond(BEGAN)).isEmpty();
    assertThat(new Arrivals(List.of()).perSecond(BEGAN)).isEmpty();
  }

  @Test
  void the_clock_may_stand_below_zero() {
    Arrivals early = new Arrivals(List.of(List.of(-3_000_000_000L, -2_000_000_000L)));
    assertThat(early.perSecond(-4_000_000_000L)).contains(1.0);
  }
}
