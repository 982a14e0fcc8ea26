package io.sluice;

import java.time.Instant;
import java.util.Optional;

/**
 * The truth on one job, as the store holds it.
 *
 * @param published whether the queue has confirmed its message; until then nobody was told 202
 * @param attempt how many attempts were started
 * @param failures attempts that failed on the job's own account
 * @param losses workers or engines that were lost under it
 * @param fence the number of the current holder; grows with every claim and every ending from
 *     outside
 * @param notBefore the next attempt starts no earlier than this
 * @param ticket where it waits for its first attempt; empty for a record that was restored from its
 *     message
 * @param webhook what became of telling its end; empty for a job without one
 * @param cached how it was answered, if not by a run of its own
 */
public record JobRecord(
    Job job,
    JobState state,
    boolean published,
    int attempt,
    int failures,
    int losses,
    long fence,
    Optional<Instant> notBefore,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    Optional<Ending> ending,
    Optional<Ticket> ticket,
    Optional<WebhookDelivery> webhook,
    Optional<Cached> cached) {

  /** One that was not answered by another job's run. */
  public JobRecord(
      Job job,
      JobState state,
      boolean published,
      int attempt,
      int failures,
      int losses,
      long fence,
      Optional<Instant> notBefore,
      Optional<Instant> startedAt,
      Optional<Instant> endedAt,
      Optional<Ending> ending,
      Optional<Ticket> ticket,
      Optional<WebhookDelivery> webhook) {
    this(
        job,
        state,
        published,
        attempt,
        failures,
        losses,
        fence,
        notBefore,
        startedAt,
        endedAt,
        ending,
        ticket,
        webhook,
        Optional.empty());
  }

  public JobId id() {
    return job.id();
  }
}
