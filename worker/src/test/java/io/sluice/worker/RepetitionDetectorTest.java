package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepetitionDetectorTest {
  private final RepetitionDetector detector = new RepetitionDetector();

  @Test
  void one_piece_may_come_a_hundred_times_in_a_row_and_no_more() {
    for (int i = 0; i < RepetitionDetector.SAME_PIECES_MOST; i++) {
      assertThat(detector.add(i % 2 == 0 ? " the" : "the ")).isFalse();
    }
    assertThat(detector.add("the")).isTrue();
  }

  @Test
  void another_piece_in_between_begins_the_count_anew() {
    for (int i = 0; i < 400; i++) {
      assertThat(detector.add(i % 90 == 0 ? "b" + i : "a")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 100, 511})
  void a_block_that_goes_on_and_on_is_found(int length) {
    String block = text(length, new Random(length));
    int blocks = 0;
    boolean found = false;
    while (!found && blocks++ < 20_000 / length) {
      found =
          detector.add(block.substring(0, length / 2)) | detector.add(block.substring(length / 2));
    }
    assertThat(found).isTrue();
  }

  @Test
  void a_long_text_of_its_own_is_left_alone() {
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      assertThat(detector.add(text(1 + random.nextInt(8), random))).isFalse();
    }
  }

  private static String text(int length, Random random) {
    return random
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
