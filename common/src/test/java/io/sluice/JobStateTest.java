package io.sluice;

import static io.sluice.JobState.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobStateTest {
  private static final Map<JobState, Set<JobState>> MOVES =
      Map.of(
          QUEUED, Set.of(IN_PROGRESS, FAILED, CANCELLED, EXPIRED),
          IN_PROGRESS,
              Set.of(QUEUED, IN_PROGRESS, CANCELLING, COMPLETED, INCOMPLETE, FAILED, CANCELLED),
          CANCELLING, Set.of(CANCELLED));

  @Test
  void every_pair_of_states_is_allowed_or_not_as_the_design_says() {
    for (JobState from : JobState.values()) {
      for (JobState to : JobState.values()) {
        assertThat(from.canBecome(to))
            .as("%s to %s", from, to)
            .isEqualTo(MOVES.getOrDefault(from, Set.of()).contains(to));
      }
    }
  }

  @Test
  void a_terminal_state_never_changes() {
    for (JobState from : JobState.values()) {
      if (from.isTerminal()) {
        assertThat(JobState.values()).noneMatch(from::canBecome);
      }
    }
  }
}
