package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpeedCurveTest {
  private static SpeedCurve curve(String points) {
    SpeedCurve curve = SpeedCurve.UNKNOWN;
    for (String point : points.split(" ")) {
      String[] parts = point.split("=");
      curve = curve.with(Integer.parseInt(parts[0]), Double.parseDouble(parts[1]));
    }
    return curve;
  }

  /** The second to fifth are of the published measurements that the reference lists. */
  @ParameterizedTest
  @CsvSource({
    "1=40 2=70 4=110 8=90, 4, the peak",
    "1=127 2=138 4=264 8=450 16=605 32=795, 32, more is always faster",
    "1=52 2=48 4=90 8=149, 8, a dip at two is no end",
    "1=20 2=20 4=20 8=20, 1, more at a time only makes each slower",
    "1=100 2=110 4=120 8=130, 8, each doubling is worth little and all of them much",
    "1=100 2=104, 1, less than a twentieth is not worth it",
    "1=100 2=106, 2, more than a twentieth is",
    "1=50 2=96 4=100 8=99, 2, the smallest that is nearly as fast as the best",
    "1=40, 1, only one was measured"
  })
  void the_smallest_number_that_reaches_the_best_speed_is_best(
      String points, int best, String why) {
    assertThat(curve(points).best()).as(why).isEqualTo(best);
  }

  @Test
  void nothing_measured_has_no_best() {
    assertThat(SpeedCurve.UNKNOWN.isEmpty()).isTrue();
    assertThatThrownBy(SpeedCurve.UNKNOWN::best).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void doubles_are_measured_and_the_most_itself() {
    assertThat(SpeedCurve.numbers(8)).containsExactly(1, 2, 4, 8);
    assertThat(SpeedCurve.numbers(6)).containsExactly(1, 2, 4, 6);
    assertThat(SpeedCurve.numbers(2)).containsExactly(1, 2);
    assertThat(SpeedCurve.numbers(1)).containsExactly(1);
    assertThat(SpeedCurve.numbers(1024)).hasSize(11);
  }

  @Test
  void it_is_shown_in_one_line() {
    assertThat(curve("4=118.4 1=41 2=72.6")).hasToString("1: 41, 2: 73, 4: 118");
  }
}
