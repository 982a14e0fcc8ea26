package io.sluice.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.WebhookDelivery;
import io.sluice.Webhooks.Tried;
import io.sluice.gateway.webhook.Sender.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers mean. */
class VerdictsTest {
  private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration GIVE_UP = Duration.ofHours(72);
  private final Verdicts verdicts = new Verdicts(GIVE_UP, new Random(1));

  private static JobRecord told(int attempts) {
    return new JobRecord(
        Jobs.chat(END).webhook("https://example.com/").job(),
        JobState.CANCELLED,
        true,
        0,
        0,
        0,
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.of(END),
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new WebhookDelivery(
                WebhookDelivery.State.PENDING,
                attempts,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(END))));
  }

  private static Answer status(int status) {
    return new Answer.Status(status, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void any_2xx_is_delivered(int status) {
    assertThat(verdicts.of(told(1), status(status), END)).isEqualTo(new Tried.Delivered(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308, 400, 401, 404, 408, 429, 500, 503, 103})
  void everything_else_is_tried_again_redirects_too(int status) {
    assertThat(verdicts.of(told(1), status(status), END)).isInstanceOf(Tried.Retry.class);
  }

  @Test
  void gone_is_the_end() {
    assertThat(verdicts.of(told(1), status(410), END))
        .isEqualTo(new Tried.Failed(Optional.of(410), "gone"));
  }

  @Test
  void pauses_grow_and_differ() {
    Duration before = Duration.ZERO;
    for (int attempts = 1; attempts <= 7; attempts++) {
      Duration pause = pause(attempts, Optional.empty());
      assertThat(pause).isGreaterThan(before);
      before = pause;
    }
    assertThat(pause(1, Optional.empty())).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    assertThat(pause(1, Optional.empty())).isNotEqualTo(pause(1, Optional.empty()));
    assertThat(pause(1_000, Optional.empty())).isLessThanOrEqualTo(Duration.ofHours(12));
  }

  @Test
  void a_receiver_may_ask_for_more_time_and_not_for_less_or_for_ever() {
    assertThat(pause(1, Optional.of(Duration.ofMinutes(3)))).isEqualTo(Duration.ofMinutes(3));
    assertThat(pause(1, Optional.of(Duration.ZERO))).isGreaterThan(Duration.ofSeconds(3));
    assertThat(pause(1, Optional.of(Duration.ofDays(9)))).isEqualTo(Duration.ofHours(12));
  }

  private Duration pause(int attempts, Optional<Duration> asked) {
    Answer answer = new Answer.Status(503, asked);
    return ((Tried.Retry) verdicts.of(told(attempts), answer, END)).in();
  }

  @Test
  void a_try_that_would_come_too_late_is_not_made() {
    Answer silence = new Answer.None(Sender.Problem.TIMEOUT, "");

    assertThat(verdicts.of(told(1), silence, END.plus(GIVE_UP).minusSeconds(10)))
        .isInstanceOf(Tried.Retry.class);
    assertThat(verdicts.of(told(1), silence, END.plus(GIVE_UP)))
        .isEqualTo(new Tried.Failed(Optional.empty(), "timeout"));
  }
}
