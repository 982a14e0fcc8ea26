package io.sluice;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of telling a job's webhook of its end.
 *
 * @param attempts how many tries began since it was owed, the one under way included
 * @param lastStatus the HTTP status of the last answer; empty where there was none
 * @param lastProblem why the last try failed, as a word; empty where none failed
 * @param nextTry not before this time; of a try under way the end of its lease; empty before the
 *     job's end, and where no more is tried
 * @param since from when the time counts for which it is tried: the job's end, or when it was asked
 *     for again
 */
public record WebhookDelivery(
    State state,
    int attempts,
    Optional<Integer> lastStatus,
    Optional<String> lastProblem,
    Optional<Instant> nextTry,
    Optional<Instant> since) {

  /** Of a job that has not ended. */
  public static final WebhookDelivery OWED_LATER =
      new WebhookDelivery(
          State.PENDING, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Where it stands. */
  public enum State {
    /** The job has not ended, or its end has not been told yet. */
    PENDING,
    DELIVERED,
    /** Given up. */
    FAILED;

    /** The name on the wire: {@code pending}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static State ofWireName(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }
}
