package io.sluice.gateway.webhook;

import io.sluice.JobRecord;
import io.sluice.WebhookDelivery;
import io.sluice.Webhooks.Tried;
import io.sluice.gateway.webhook.Sender.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What an answer means for a delivery. */
final class Verdicts {
  private static final int GONE = 410;

  private final Duration giveUp;
  private final RandomGenerator random;

  Verdicts(Duration giveUp, RandomGenerator random) {
    this.giveUp = giveUp;
    this.random = random;
  }

  /**
   * 2xx is delivered, and 410 the end of it; everything else, redirects too, is tried again until
   * the time is up.
   */
  Tried of(JobRecord record, Answer answer, Instant now) {
    return switch (answer) {
      case Answer.Status(int status, Optional<Duration> wait) when status / 100 == 2 ->
          new Tried.Delivered(status);
      case Answer.Status(int status, Optional<Duration> wait) when status == GONE ->
          new Tried.Failed(Optional.of(status), "gone");
      case Answer.Status(int status, Optional<Duration> wait) ->
          later(record, Optional.of(status), "status", wait, now);
      case Answer.None(Sender.Problem problem, String detail) ->
          later(record, Optional.empty(), problem.wireName(), Optional.empty(), now);
    };
  }

  /** Another try, unless it would come too late. */
  Tried later(
      JobRecord record,
      Optional<Integer> status,
      String problem,
      Optional<Duration> wait,
      Instant now) {
    int attempts = record.webhook().map(WebhookDelivery::attempts).orElse(1);
    Duration pause = RetryTimes.after(attempts, wait, random);
    Instant since =
        record
            .webhook()
            .flatMap(WebhookDelivery::since)
            .or(record::endedAt)
            .orElse(record.job().createdAt());
    return now.plus(pause).isAfter(since.plus(giveUp))
        ? new Tried.Failed(status, problem)
        : new Tried.Retry(status, problem, pause);
  }
}
