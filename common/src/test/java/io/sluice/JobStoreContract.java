package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.JobStore.Cancellation;
import io.sluice.JobStore.Ended;
import io.sluice.JobStore.Lookup;
import io.sluice.JobStore.Page;
import io.sluice.JobStore.Query;
import io.sluice.Leases.Lease;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link JobStore} keeps. */
public abstract class JobStoreContract extends StoreContract {
  private static final Ending FAILED =
      new Ending.Failed(BROKEN, new Output("half", Optional.empty(), List.of()), new Usage(7, 1));

  // --- find and list

  @Test
  void an_unknown_job_is_absent() {
    assertThat(await(it.store().find(chat().job().id()))).isEqualTo(new Lookup.Absent());
  }

  @Test
  void a_job_is_found_for_its_owner_and_is_absent_for_every_other_tenant() {
    Job job = accepted();
    Optional<String> other = Optional.of(tenant + "-other");
    assertThat(await(it.store().find(job.id(), Optional.of(tenant))))
        .isEqualTo(new Lookup.Found(found(job.id())));
    assertThat(await(it.store().find(job.id(), other))).isEqualTo(new Lookup.Absent());
  }

  @Test
  void a_tenants_jobs_are_listed_newest_first_and_nobody_elses() {
    List<JobId> ids = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      ids.add(accepted().id());
    }
    accepted(chat().tenant(tenant + "-other"));
    ids.sort(Comparator.reverseOrder());

    Page page = await(it.store().list(query(Optional.empty(), Optional.empty(), 100)));

    assertThat(page.jobs()).extracting(JobRecord::id).containsExactlyElementsOf(ids);
    assertThat(page.jobs()).containsExactlyElementsOf(ids.stream().map(this::found).toList());
    assertThat(page.next()).isEmpty();
  }

  private JobRecord found(JobId id) {
    return ((Lookup.Found) await(it.store().find(id))).record();
  }

  private Query query(Optional<JobState> state, Optional<JobId> after, int limit) {
    return new Query(tenant, state, after, limit);
  }

  @Test
  void pages_follow_each_other_without_gap_or_overlap() {
    List<JobId> ids = new ArrayList<>();
    for (int n = 0; n < 7; n++) {
      ids.add(accepted().id());
    }
    ids.sort(Comparator.reverseOrder());

    assertThat(walk(Optional.empty(), 3)).containsExactlyElementsOf(ids);
    assertThat(walk(Optional.empty(), 7)).containsExactlyElementsOf(ids);
  }

  @Test
  void jobs_of_one_state_are_listed() {
    Job waiting = accepted();
    Job running = accepted();
    granted(running);
    Job done = accepted();
    finish(leased(done), COMPLETED);
    Job cancelled = accepted();
    await(it.store().cancel(cancelled.id()));

    assertThat(walk(Optional.of(JobState.QUEUED), 1)).containsExactly(waiting.id());
    assertThat(walk(Optional.of(JobState.IN_PROGRESS), 2)).containsExactly(running.id());
    assertThat(walk(Optional.of(JobState.COMPLETED), 100)).containsExactly(done.id());
    assertThat(walk(Optional.of(JobState.CANCELLED), 1)).containsExactly(cancelled.id());
    assertThat(walk(Optional.of(JobState.EXPIRED), 1)).isEmpty();
  }

  private List<JobId> walk(Optional<JobState> state, int limit) {
    List<JobId> seen = new ArrayList<>();
    Optional<JobId> after = Optional.empty();
    for (int pages = 0; pages < 20; pages++) {
      Page page = await(it.store().list(query(state, after, limit)));
      assertThat(page.jobs()).hasSizeLessThanOrEqualTo(limit);
      page.jobs().forEach(job -> seen.add(job.id()));
      if (page.next().isEmpty()) {
        return seen;
      }
      after = page.next();
    }
    throw new AssertionError("no last page");
  }

  // --- cancel

  @Test
  void a_waiting_job_is_cancelled_at_once() {
    Job job = accepted();
    long fence = record(job).fence();

    assertThat(await(it.store().cancel(job.id())))
        .isEqualTo(new Cancellation.Cancelled(record(job)));

    assertEnded(job, JobState.CANCELLED);
    assertThat(record(job).fence()).isGreaterThan(fence);
    assertThat(claim(job, "worker-1")).isEqualTo(new Leases.Claim.Over(JobState.CANCELLED));
  }

  @Test
  void a_job_that_waits_for_its_next_attempt_is_cancelled_at_once() {
    Job job = accepted();
    await(it.leases().requeue(leased(job), now().plusSeconds(60), BROKEN));

    assertThat(await(it.store().cancel(job.id()))).isInstanceOf(Cancellation.Cancelled.class);
    assertEnded(job, JobState.CANCELLED);
  }

  @Test
  void a_running_job_is_cancelled_through_its_holder() {
    Job job = accepted();
    Lease lease = leased(job);

    for (int n = 0; n < 2; n++) {
      assertThat(await(it.store().cancel(job.id())))
          .isEqualTo(new Cancellation.Cancelling(record(job)));
    }
    assertThat(state(job)).isEqualTo(JobState.CANCELLING);
    assertThat(record(job).fence()).isEqualTo(lease.fence());
    assertThat(happened(job)).noneMatch(JobEvent.End.class::isInstance);
  }

  @Test
  void an_ended_job_is_not_cancelled() {
    Job job = accepted();
    finish(leased(job), COMPLETED);

    assertThat(await(it.store().cancel(job.id())))
        .isEqualTo(new Cancellation.AlreadyEnded(record(job)));
    assertEnded(job, JobState.COMPLETED);
  }

  @Test
  void a_job_is_cancelled_once() {
    Job job = accepted();
    await(it.store().cancel(job.id()));

    assertThat(await(it.store().cancel(job.id())))
        .isEqualTo(new Cancellation.AlreadyEnded(record(job)));
    assertEnded(job, JobState.CANCELLED);
  }

  @Test
  void an_unknown_job_is_not_cancelled() {
    assertThat(await(it.store().cancel(chat().job().id())))
        .isEqualTo(new Cancellation.Unknown(new Lookup.Absent()));
  }

  @Test
  void however_cancel_and_claim_race_one_of_them_is_first() {
    for (int round = 0; round < 30; round++) {
      Job job = accepted();

      Future<Cancellation> cancelled = it.store().cancel(job.id());
      Future<Leases.Claim> claimed = it.leases().claim(request(job, "worker-1"));

      boolean ran = await(claimed) instanceof Leases.Claim.Granted;
      assertThat(await(cancelled))
          .isInstanceOf(ran ? Cancellation.Cancelling.class : Cancellation.Cancelled.class);
      assertThat(state(job)).isEqualTo(ran ? JobState.CANCELLING : JobState.CANCELLED);
    }
  }

  // --- end

  @Test
  void a_job_is_ended_from_outside_once_and_its_holder_fenced() {
    Job waiting = accepted();
    Job running = accepted();
    Lease lease = leased(running);

    for (Job job : List.of(waiting, running)) {
      long fence = record(job).fence();
      assertThat(await(it.store().end(job.id(), FAILED))).isTrue();
      assertThat(await(it.store().end(job.id(), FAILED))).isFalse();

      assertEnded(job, JobState.FAILED);
      assertThat(record(job).ending()).contains(FAILED);
      assertThat(record(job).fence()).isGreaterThan(fence);
    }
    assertThat(await(it.leases().renew(lease))).isEqualTo(Leases.Renewal.FENCED);
  }

  @Test
  void ending_an_ended_or_unknown_job_changes_nothing() {
    Job job = accepted();
    finish(leased(job), COMPLETED);

    assertThat(await(it.store().end(job.id(), FAILED))).isFalse();
    assertThat(await(it.store().end(chat().job().id(), FAILED))).isFalse();
    assertEnded(job, JobState.COMPLETED);
  }

  @Test
  void a_cancelling_job_that_is_ended_from_outside_is_cancelled() {
    Job job = accepted();
    granted(job);
    await(it.store().cancel(job.id()));

    assertThat(await(it.store().end(job.id(), FAILED))).isTrue();
    assertEnded(job, JobState.CANCELLED);
    assertThat(record(job).ending()).map(Ending::output).contains(FAILED.output());
  }

  // --- sweep

  @Test
  void a_sweep_ends_nothing_that_is_not_due() {
    Instant startBy = now().plus(A_MOMENT);
    accepted();
    granted(accepted());
    Job running = accepted(chat().startBy(startBy));
    granted(running);
    Job again = accepted(chat().startBy(startBy));
    await(it.leases().requeue(leased(again), now(), BUSY));
    Job cancelling = accepted();
    granted(cancelling);
    await(it.store().cancel(cancelling.id()));
    it.letPass(startBy);

    assertThat(await(it.store().sweep(100))).isEmpty();

    assertThat(state(running)).isEqualTo(JobState.IN_PROGRESS);
    assertThat(state(again)).isEqualTo(JobState.QUEUED);
    assertThat(state(cancelling)).isEqualTo(JobState.CANCELLING);
  }

  @Test
  void a_job_that_never_started_expires() {
    Job job = accepted(chat().startBy(now().minusMillis(1)));
    assertSwept(job, JobState.EXPIRED);
  }

  @Test
  void a_cancelling_job_whose_holder_died_is_cancelled() {
    Job job = accepted();
    granted(job);
    await(it.store().cancel(job.id()));
    it.letLeaseEnd(job.id());

    assertSwept(job, JobState.CANCELLED);
  }

  @Test
  void a_waiting_job_past_its_finish_by_is_lost() {
    Instant finishBy = now().plus(A_MOMENT);
    Job job = accepted(chat().finishBy(finishBy));
    await(it.leases().requeue(leased(job), now(), BUSY));
    it.letPass(finishBy);

    assertSwept(job, JobState.FAILED);
    assertLost(job);
  }

  @Test
  void a_running_job_past_its_finish_by_is_lost_and_its_holder_fenced() {
    Instant finishBy = now().plus(A_MOMENT);
    Job job = accepted(chat().finishBy(finishBy));
    Lease lease = leased(job);
    it.letPass(finishBy);

    assertSwept(job, JobState.FAILED);
    assertLost(job);
    assertThat(finish(lease, COMPLETED)).isEqualTo(Leases.Settled.FENCED);
  }

  @Test
  void a_cancelling_job_past_its_finish_by_is_cancelled() {
    Instant finishBy = now().plus(A_MOMENT);
    Job job = accepted(chat().finishBy(finishBy));
    granted(job);
    await(it.store().cancel(job.id()));
    it.letPass(finishBy);

    assertSwept(job, JobState.CANCELLED);
  }

  private void assertLost(Job job) {
    assertThat(record(job).ending().flatMap(Ending::failure).map(Failure::code))
        .contains(FailureCode.LOST);
  }

  private void assertSwept(Job job, JobState state) {
    long fence = record(job).fence();
    assertThat(await(it.store().sweep(100))).containsExactly(new Ended(job.id(), state));
    assertThat(await(it.store().sweep(100))).isEmpty();
    assertEnded(job, state);
    assertThat(record(job).fence()).isGreaterThan(fence);
  }

  @Test
  void a_sweep_keeps_to_its_limit_and_the_next_one_goes_on() {
    List<JobId> ids =
        Stream.generate(() -> accepted(chat().startBy(now().minusMillis(1))).id())
            .limit(5)
            .toList();

    List<JobId> swept = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      List<Ended> ended = await(it.store().sweep(2));
      assertThat(ended).hasSizeLessThanOrEqualTo(2);
      ended.forEach(one -> swept.add(one.id()));
    }

    assertThat(swept).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void many_sweeps_at_once_end_each_job_once() {
    List<Job> due =
        Stream.generate(() -> accepted(chat().startBy(now().minusMillis(1)))).limit(20).toList();

    List<Future<List<Ended>>> sweeps =
        Stream.generate(() -> it.store().sweep(100)).limit(4).toList();

    assertThat(sweeps.stream().flatMap(sweep -> await(sweep).stream()).map(Ended::id))
        .containsExactlyInAnyOrderElementsOf(due.stream().map(Job::id).toList());
    due.forEach(job -> assertEnded(job, JobState.EXPIRED));
  }

  @Test
  void a_record_past_its_life_is_deleted_with_its_log_and_its_key() {
    Job job = accepted(chat().idempotency("k", "print"));
    finish(leased(job), COMPLETED);
    Job other = accepted();
    it.letLifeEnd(job.id());

    await(it.store().sweep(100));

    assertThat(await(it.store().find(job.id()))).isEqualTo(new Lookup.Absent());
    assertThat(log(job.id())).isEmpty();
    assertThat(walk(Optional.empty(), 10)).doesNotContain(job.id());
    assertThat(await(it.store().find(other.id()))).isInstanceOf(Lookup.Found.class);
    assertThat(await(it.admission().admit(chat().idempotency("k", "another").job())))
        .isInstanceOf(Admission.Decision.Admitted.class);
  }
}
