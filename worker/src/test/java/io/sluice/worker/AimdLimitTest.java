package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AimdLimitTest {
  private Instant now = Instant.parse("2026-11-30T12:00:00Z");

  /**
   * One line for each story: the most, what happens in turn, and the number afterwards. {@code !}
   * is trouble, {@code +} a request that ended well at full use, {@code -} one that ended well with
   * a slot to spare, and anything else a time that passes.
   */
  static Stream<Arguments> stories() {
    return Stream.of(
        Arguments.of("it begins with the most", 8, "", 8),
        Arguments.of("trouble halves it", 8, "!", 4),
        Arguments.of("an odd number is halved downwards", 5, "!", 2),
        Arguments.of("one incident with eight failures counts once", 8, "! ! ! ! ! ! ! !", 4),
        Arguments.of("and so do its stragglers", 8, "! 14s !", 4),
        Arguments.of("trouble after that counts anew", 8, "! 15s !", 2),
        Arguments.of("one is always left", 8, "! 20s ! 20s ! 20s ! 20s !", 1),
        Arguments.of("a minute at full use without trouble raises it by one", 4, "! 1m + +", 3),
        Arguments.of("a shorter time does not", 4, "! 59s + +", 2),
        Arguments.of("as many as there are slots must have ended well", 4, "! 1m +", 2),
        Arguments.of("at full use", 4, "! 1m - - - -", 2),
        Arguments.of("each further one takes as long again", 8, "! 1m + + + + + + + +", 5),
        Arguments.of("and is raised by one", 8, "! 1m + + + + 1m + + + + +", 6),
        Arguments.of(
            "what went well before trouble is forgotten", 8, "! 14s + + + + ! 1m + + +", 4),
        Arguments.of(
            "trouble within an incident puts off the raising", 8, "! 10s ! 59s + + + +", 4),
        Arguments.of("where it came last is not tried after a minute", 4, "! 1m + + 9m + + +", 3),
        Arguments.of("but after ten", 4, "! 1m + + 10m + + +", 4),
        Arguments.of(
            "and if it comes back there, after twenty",
            4,
            "! 1m + + 10m + + + ! 1m + + 19m + + + +",
            3),
        Arguments.of("not before and not later", 4, "! 1m + + 10m + + + ! 1m + + 20m + + + +", 4),
        Arguments.of(
            "where it stayed away for long, after ten again",
            4,
            "! 1m + + 10m + + + 30m ! 1m + + 10m + + + +",
            4),
        Arguments.of("it is never more than the most", 2, "+ + + 3h + + +", 2),
        Arguments.of("one slot alone loses nothing", 1, "!", 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void trouble_lowers_it_and_calm_raises_it(String story, int most, String events, int expected) {
    AimdLimit limit = new AimdLimit(most, () -> now);
    for (String event : events.isEmpty() ? new String[0] : events.split(" ")) {
      happens(limit, event);
    }
    assertThat(limit.limit()).as(story).isEqualTo(expected);
  }

  private void happens(AimdLimit limit, String event) {
    switch (event) {
      case "!" -> limit.trouble();
      case "+" -> limit.success(limit.limit());
      case "-" -> limit.success(limit.limit() - 1);
      default -> now = now.plus(Duration.parse("PT" + event));
    }
  }

  @Test
  void the_wait_for_the_number_where_trouble_came_grows_to_two_hours_and_no_further() {
    AimdLimit limit = new AimdLimit(2, () -> now);
    for (int minutes : new int[] {10, 20, 40, 80, 120, 120, 120}) {
      assertThat(limit.trouble()).isTrue();
      now = now.plus(Duration.ofMinutes(minutes)).minusSeconds(1);
      assertThat(limit.success(1)).isFalse();
      now = now.plusSeconds(1);
      assertThat(limit.success(1)).as("after " + minutes + " minutes").isTrue();
    }
  }

  @Test
  void trouble_that_lasts_until_one_is_left_has_not_come_back() {
    AimdLimit limit = new AimdLimit(8, () -> now);
    for (int expected : new int[] {4, 2, 1}) {
      assertThat(limit.trouble()).isTrue();
      assertThat(limit.limit()).isEqualTo(expected);
      now = now.plus(AimdLimit.INCIDENT);
    }
    now = now.plus(AimdLimit.CALM_AFTER_TROUBLE);
    assertThat(limit.success(1)).isTrue();
  }

  @Test
  void a_better_number_to_begin_with_is_the_most_from_then_on() {
    AimdLimit limit = new AimdLimit(8, () -> now);
    limit.begin(3);
    assertThat(limit).hasToString("3 of 3");
    now = now.plus(Duration.ofHours(3));
    for (int i = 0; i < 9; i++) {
      assertThat(limit.success(3)).isFalse();
    }
    assertThat(limit.trouble()).isTrue();
    assertThat(limit).hasToString("1 of 3");
  }
}
