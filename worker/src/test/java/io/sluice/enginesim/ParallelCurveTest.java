package io.sluice.enginesim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelCurveTest {
  private final ParallelCurve curve = ParallelCurve.parse("2=1.6, 4=2.4,8=2.2");

  @ParameterizedTest
  @CsvSource({"1,1", "2,1.6", "3,2.0", "4,2.4", "6,2.3", "8,2.2", "9,2.2", "2000,2.2"})
  void several_answers_together_gain_what_the_curve_says(int answers, double gain) {
    assertThat(curve.gain(answers)).isCloseTo(gain, within(1e-9));
  }

  @Test
  void each_of_them_is_slower_by_what_they_do_not_gain() {
    assertThat(curve.slowed(Duration.ofMillis(12), 4)).isEqualTo(Duration.ofMillis(20));
    assertThat(curve.slowed(Duration.ofMillis(12), 1)).isEqualTo(Duration.ofMillis(12));
    assertThat(curve.slowed(Duration.ZERO, 4)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 32, 1024})
  void without_a_curve_each_is_as_fast_as_one_alone(int answers) {
    assertThat(ParallelCurve.LINEAR.slowed(Duration.ofMillis(20), answers))
        .isEqualTo(Duration.ofMillis(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4", "1=1", "2=0", "2=x", "2=1=1", "x=2", "2=1,", "2000=3"})
  void what_is_no_curve_is_refused(String text) {
    assertThatThrownBy(() -> ParallelCurve.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2=1.6");
  }
}
