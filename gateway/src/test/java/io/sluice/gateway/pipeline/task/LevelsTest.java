package io.sluice.gateway.pipeline.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LevelsTest {
  @Test
  void as_many_answers_that_follow_each_other_as_fit_are_one_group() {
    assertThat(Levels.groups(List.of(40, 50, 10, 1, 50, 50), 100)).containsExactly(3, 2, 1);
    assertThat(Levels.groups(List.of(1), 100)).containsExactly(1);
    assertThat(Levels.groups(List.of(), 100)).isEmpty();
  }

  @Test
  void no_group_has_more_than_the_room_and_all_answers_are_in_one() {
    Random random = new Random(7);
    for (int run = 0; run < 200; run++) {
      List<Integer> tokens = random.ints(1 + random.nextInt(50), 1, 51).boxed().toList();
      int from = 0;
      for (int size : Levels.groups(tokens, 100)) {
        int sum = tokens.subList(from, from + size).stream().mapToInt(it -> it).sum();
        assertThat(sum).isLessThanOrEqualTo(100);
        from += size;
      }
      assertThat(from).isEqualTo(tokens.size());
    }
  }

  /** The worst that answers can be: each takes all of its share. */
  @Test
  void there_is_an_end_to_levels_however_long_answers_are() {
    int answers = 10_000;
    int levels = 0;
    while (answers > 1) {
      List<Integer> tokens = Collections.nCopies(answers, Levels.share(101));
      int groups = Levels.groups(tokens, 101).size();
      assertThat(groups).isLessThan(answers);
      answers = groups;
      levels++;
    }
    assertThat(levels).isEqualTo(14);
  }

  @Test
  void an_answer_beyond_its_share_is_the_callers_fault() {
    assertThatThrownBy(() -> Levels.groups(List.of(51), 100))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
