package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.sluice.JobStore.Lookup;
import io.sluice.Recovery.Epoch;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link Recovery} keeps. */
public abstract class RecoveryContract extends StoreContract {
  @Test
  void a_store_that_lost_nothing_asks_for_nothing() {
    assertThat(await(it.recovery().begin("walker-1"))).isEmpty();
  }

  @Test
  void restoring_a_job_whose_record_is_there_changes_nothing() {
    Job job = accepted();
    finish(leased(job), COMPLETED);
    JobRecord before = record(job);

    await(it.recovery().restore(new JobMessage(job, 0)));

    assertThat(record(job)).isEqualTo(before);
  }

  @Test
  void after_a_loss_older_jobs_may_yet_turn_up_and_one_walker_is_asked() {
    Job job = accepted();
    Epoch epoch = loseEverything();

    assertThat(await(it.store().find(job.id()))).isEqualTo(new Lookup.Recovering());
    assertThat(await(it.store().cancel(job.id())))
        .isEqualTo(new JobStore.Cancellation.Unknown(new Lookup.Recovering()));
    assertThat(epoch.since()).isAfter(job.id().createdAt());
    assertThat(await(it.recovery().begin("walker-2"))).isEmpty();
    assertThat(await(it.recovery().begin("walker-1"))).contains(epoch);
  }

  @Test
  void a_job_that_is_newer_than_the_loss_is_simply_absent() {
    loseEverything();
    JobId later = JobId.at(now().plusSeconds(60));
    assertThat(await(it.store().find(later))).isEqualTo(new Lookup.Absent());
  }

  @Test
  void a_restored_job_is_queued_and_published_and_can_run() {
    Job job = accepted(chat().everything());
    loseEverything();

    for (int n = 0; n < 2; n++) {
      await(it.recovery().restore(new JobMessage(job, 0)));
    }

    JobRecord record = record(job);
    assertThat(record.job()).isEqualTo(job);
    assertThat(record.state()).isEqualTo(JobState.QUEUED);
    assertThat(record.published()).isTrue();
    finish(leased(job), COMPLETED);
    assertEnded(job, JobState.COMPLETED);
  }

  @Test
  void a_restored_job_goes_on_counting_its_attempts() {
    Job job = accepted();
    loseEverything();
    await(it.recovery().restore(new JobMessage(job, 2)));

    assertThat(granted(job).record().attempt()).isEqualTo(3);
  }

  @Test
  void a_restored_job_holds_its_idempotency_key_again() {
    Job job = accepted(chat().idempotency("k", "print"));
    loseEverything();
    await(it.recovery().restore(new JobMessage(job, 0)));

    assertThat(await(it.admission().admit(chat().idempotency("k", "print").job())))
        .isEqualTo(new Admission.Decision.Replayed(record(job)));
  }

  @Test
  void a_holder_from_before_the_loss_is_told_and_its_fence_is_never_given_again() {
    Job job = accepted();
    Leases.Lease old = leased(job);
    loseEverything();
    assertThat(await(it.leases().renew(old))).isEqualTo(Leases.Renewal.GONE);
    assertThat(finish(old, COMPLETED)).isEqualTo(Leases.Settled.GONE);

    await(it.recovery().restore(new JobMessage(job, 0)));

    assertThat(finish(old, COMPLETED)).isEqualTo(Leases.Settled.FENCED);
    assertThat(leased(job).fence()).isGreaterThan(old.fence());
  }

  @Test
  void a_claim_restores_its_job_before_the_walk_comes_by() {
    Job job = accepted();
    loseEverything();
    Leases.Lease lease = leased(job);

    await(it.recovery().restore(new JobMessage(job, 0)));

    assertThat(state(job)).isEqualTo(JobState.IN_PROGRESS);
    assertThat(finish(lease, COMPLETED)).isEqualTo(Leases.Settled.WRITTEN);
  }

  @Test
  void when_the_walk_is_over_absent_jobs_are_absent() {
    Job lost = accepted();
    Epoch epoch = loseEverything();

    await(it.recovery().complete(epoch));
    await(it.recovery().complete(epoch));

    assertThat(await(it.store().find(lost.id()))).isEqualTo(new Lookup.Absent());
    assertThat(await(it.recovery().begin("walker-1"))).isEmpty();
  }

  @Test
  void a_second_loss_asks_for_a_second_walk() {
    Job job = accepted();
    Epoch first = loseEverything();
    await(it.recovery().complete(first));

    Epoch second = loseEverything();

    assertThat(second.since()).isAfter(first.since());
    await(it.recovery().complete(first));
    assertThat(await(it.store().find(job.id()))).isEqualTo(new Lookup.Recovering());
  }

  @Test
  void every_job_is_new_to_a_store_that_lost_it() {
    assumeItCanBeLost();
    Job job = chat().tenant(UUID.randomUUID().toString()).job();
    loseEverything();
    assertThat(await(it.admission().admit(job))).isInstanceOf(Admission.Decision.Admitted.class);
  }

  /** Loses all and waits until the store has noticed; walker-1 then holds the walk. */
  private Epoch loseEverything() {
    assumeItCanBeLost();
    it.letPass(now().plusMillis(2));
    it.loseEverything();
    return await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> await(it.recovery().begin("walker-1")), Optional::isPresent)
        .orElseThrow();
  }

  private void assumeItCanBeLost() {
    assumeThat(it.canLoseItsRecords()).as("the store can lose its records").isTrue();
  }
}
