package io.sluice;

import java.time.Duration;
import java.time.Instant;

/**
 * A store under test: fresh, empty, and the test's own. Besides the ports it has what a test cannot
 * ask a port for; each is named by its effect, and how that comes about is the adapter's matter.
 */
public interface StoreFixture extends AutoCloseable {
  Admission admission();

  Backlog backlog();

  JobStore store();

  Leases leases();

  JobEvents events();

  JobHistory history();

  Recovery recovery();

  AnswerCache answers();

  Webhooks webhooks();

  /** The store's own time. */
  Instant now();

  /** Returns when the store's time is past this moment, which is never more than a second away. */
  void letPass(Instant moment);

  /** Lets time pass for the limits and the load alone. */
  void passForLimits(Duration time);

  /** The holder's lease ends without having been renewed. */
  void letLeaseEnd(JobId id);

  /** What was taken for a webhook comes again. */
  void letWebhookLeaseEnd(JobId id);

  /** When the life of an ended job's record is over. */
  Instant lifeEnds(JobId id);

  /** The life of an ended job's record is over: 24 hours went by. */
  void letLifeEnd(JobId id);

  /** Whether the store can lose its records at all. */
  boolean canLoseItsRecords();

  /** All records, logs and keys are gone; the store then finds that out by itself. */
  void loseEverything();

  @Override
  void close();
}
