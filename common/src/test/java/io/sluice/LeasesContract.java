package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Leases.Claim;
import io.sluice.Leases.Lease;
import io.sluice.Leases.Renewal;
import io.sluice.Leases.Request;
import io.sluice.Leases.Settled;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link Leases} keeps. */
public abstract class LeasesContract extends StoreContract {
  // --- claim

  @Test
  void the_first_claim_starts_the_job() {
    Job job = accepted(chat().everything());

    Claim.Granted granted = granted(job, "worker-7");

    assertThat(granted.lease().id()).isEqualTo(job.id());
    assertThat(granted.lease().worker()).isEqualTo("worker-7");
    JobRecord record = granted.record();
    assertThat(record).isEqualTo(record(job));
    assertThat(record.job()).isEqualTo(job);
    assertThat(record.state()).isEqualTo(JobState.IN_PROGRESS);
    assertThat(record.attempt()).isOne();
    assertThat(record.fence()).isEqualTo(granted.lease().fence());
    assertThat(record.startedAt()).isPresent();
    assertThat(log(job.id()))
        .containsExactly(
            new LoggedEvent(new Position(granted.lease().fence(), 0), new JobEvent.Start(1)));
  }

  @Test
  void the_fence_is_no_less_than_the_time_so_that_it_grows_even_after_a_loss() {
    Instant before = now();
    assertThat(leased(accepted()).fence()).isGreaterThanOrEqualTo(before.toEpochMilli());
  }

  @Test
  void the_fence_grows_with_every_change_of_hands() {
    Job job = accepted();
    Lease first = leased(job);
    await(it.leases().requeue(first, now(), BUSY));
    long between = record(job).fence();
    it.letPass(now());
    Lease second = leased(job);
    it.letLeaseEnd(job.id());
    Lease third = leased(job);
    finish(third, COMPLETED);

    assertThat(List.of(first.fence(), between, second.fence(), third.fence()))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(record(job).fence()).isGreaterThanOrEqualTo(third.fence());
  }

  @Test
  void the_same_nonce_gets_the_same_answer() {
    Job job = accepted();
    Request request = request(job, "worker-1");
    Claim first = await(it.leases().claim(request));

    assertThat(await(it.leases().claim(request))).isEqualTo(first);

    assertThat(record(job).attempt()).isOne();
    assertThat(happened(job)).containsExactly(new JobEvent.Start(1));
  }

  @Test
  void the_nonce_of_a_former_holder_gets_no_lease() {
    Job job = accepted();
    Request request = request(job, "worker-1");
    await(it.leases().claim(request));
    it.letLeaseEnd(job.id());
    granted(job, "worker-2");

    assertThat(await(it.leases().claim(request))).isInstanceOf(Claim.Held.class);
  }

  @Test
  void two_at_once_get_one_lease() {
    for (int round = 0; round < 10; round++) {
      Job job = accepted();
      List<Future<Claim>> asked =
          IntStream.range(0, 8)
              .mapToObj(n -> it.leases().claim(request(job, "worker-" + n)))
              .toList();

      List<Claim> claims = asked.stream().map(Await::await).toList();

      assertThat(claims).filteredOn(Claim.Granted.class::isInstance).hasSize(1);
      assertThat(claims).filteredOn(Claim.Held.class::isInstance).hasSize(7);
    }
  }

  @Test
  void a_job_with_a_live_lease_is_held() {
    Job job = accepted();
    granted(job, "worker-1");

    for (String worker : List.of("worker-1", "worker-2")) {
      assertThat(claim(job, worker))
          .isInstanceOfSatisfying(
              Claim.Held.class,
              held -> {
                assertThat(held.worker()).isEqualTo("worker-1");
                assertThat(held.remaining()).isPositive().isLessThanOrEqualTo(Leases.LENGTH);
              });
    }
    assertThat(record(job).attempt()).isOne();
  }

  @Test
  void a_cancelling_job_with_a_live_lease_is_held() {
    Job job = accepted();
    granted(job);
    await(it.store().cancel(job.id()));

    assertThat(claim(job, "worker-2")).isInstanceOf(Claim.Held.class);
  }

  @Test
  void an_ended_job_is_over() {
    Job job = accepted();
    Request request = request(job, "worker-1");
    Claim.Granted granted = (Claim.Granted) await(it.leases().claim(request));
    finish(granted.lease(), COMPLETED);

    assertThat(claim(job, "worker-2")).isEqualTo(new Claim.Over(JobState.COMPLETED));
    assertThat(await(it.leases().claim(request))).isEqualTo(new Claim.Over(JobState.COMPLETED));
    assertEnded(job, JobState.COMPLETED);
  }

  @Test
  void a_cancelling_job_with_a_dead_lease_is_cancelled() {
    Job job = accepted();
    granted(job);
    await(it.store().cancel(job.id()));
    it.letLeaseEnd(job.id());

    assertThat(claim(job, "worker-2")).isEqualTo(new Claim.Ended(JobState.CANCELLED));
    assertThat(claim(job, "worker-2")).isEqualTo(new Claim.Over(JobState.CANCELLED));
    assertEnded(job, JobState.CANCELLED);
  }

  @Test
  void a_waiting_job_past_its_finish_by_is_lost() {
    Job job = accepted(chat().finishBy(now().minusMillis(1)));

    assertThat(claim(job, "worker-1")).isEqualTo(new Claim.Ended(JobState.FAILED));

    assertEnded(job, JobState.FAILED);
    assertThat(code(job)).contains(FailureCode.LOST);
  }

  @Test
  void a_running_job_past_its_finish_by_is_lost_when_its_lease_has_ended() {
    Instant finishBy = now().plus(A_MOMENT);
    Job job = accepted(chat().finishBy(finishBy));
    granted(job);
    it.letPass(finishBy);
    assertThat(claim(job, "worker-2")).isInstanceOf(Claim.Held.class);
    it.letLeaseEnd(job.id());

    assertThat(claim(job, "worker-2")).isEqualTo(new Claim.Ended(JobState.FAILED));
    assertThat(code(job)).contains(FailureCode.LOST);
  }

  private Optional<FailureCode> code(Job job) {
    return record(job).ending().flatMap(Ending::failure).map(Failure::code);
  }

  @Test
  void a_job_that_never_started_expires_past_its_start_by() {
    Job job = accepted(chat().startBy(now().minusMillis(1)));

    assertThat(claim(job, "worker-1")).isEqualTo(new Claim.Ended(JobState.EXPIRED));
    assertEnded(job, JobState.EXPIRED);
  }

  @Test
  void a_job_that_started_once_does_not_expire() {
    Instant startBy = now().plus(A_MOMENT);
    Job job = accepted(chat().startBy(startBy));
    await(it.leases().requeue(leased(job), now(), BUSY));
    it.letPass(startBy);

    assertThat(granted(job).record().attempt()).isEqualTo(2);
  }

  @Test
  void a_job_waits_for_its_next_attempt() {
    Job job = accepted();
    Instant notBefore = now().plus(A_MOMENT);
    await(it.leases().requeue(leased(job), notBefore, BUSY));

    assertThat(claim(job, "worker-2")).isEqualTo(new Claim.NotYet(notBefore));
    assertThat(record(job).notBefore()).contains(notBefore);

    it.letPass(notBefore);
    assertThat(granted(job, "worker-2").record().attempt()).isEqualTo(2);
  }

  @Test
  void a_dead_holder_is_a_loss_and_the_next_attempt_begins_with_a_reset() {
    Job job = accepted();
    granted(job, "worker-1");
    it.letLeaseEnd(job.id());

    JobRecord record = granted(job, "worker-2").record();

    assertThat(record.attempt()).isEqualTo(2);
    assertThat(record.losses()).isOne();
    assertThat(record.failures()).isZero();
    LoggedEvent last = log(job.id()).getLast();
    assertThat(last.position()).isEqualTo(new Position(record.fence(), 0));
    assertThat(last.event())
        .isInstanceOfSatisfying(
            JobEvent.Reset.class, reset -> assertThat(reset.attempt()).isEqualTo(2));
  }

  @Test
  void the_last_loss_is_poison() {
    Job job = accepted();
    for (int n = 0; n < Leases.MAX_LOSSES; n++) {
      assertThat(granted(job).record().losses()).isEqualTo(n);
      it.letLeaseEnd(job.id());
    }

    assertThat(claim(job, "worker-1")).isEqualTo(new Claim.Ended(JobState.FAILED));

    assertEnded(job, JobState.FAILED);
    assertThat(code(job)).contains(FailureCode.POISON);
    assertThat(record(job).losses()).isEqualTo(Leases.MAX_LOSSES);
  }

  @Test
  void crashes_and_dead_holders_add_up() {
    Job job = accepted();
    for (int n = 1; n < Leases.MAX_LOSSES; n++) {
      await(it.leases().requeue(leased(job), now(), CRASHED));
      it.letPass(now());
    }
    granted(job);
    it.letLeaseEnd(job.id());

    assertThat(claim(job, "worker-1")).isEqualTo(new Claim.Ended(JobState.FAILED));
    assertThat(code(job)).contains(FailureCode.POISON);
  }

  // --- claim without a record

  @Test
  void a_job_without_a_record_is_restored_from_its_message() {
    Job job = chat().everything().job();

    Claim.Granted granted = granted(job);

    assertThat(granted.record().job()).isEqualTo(job);
    assertThat(granted.record().attempt()).isOne();
    assertThat(granted.record().published()).isTrue();
    assertThat(happened(job)).containsExactly(new JobEvent.Start(1));
    finish(granted.lease(), COMPLETED);
    assertEnded(job, JobState.COMPLETED);
  }

  @Test
  void a_restored_job_goes_on_counting_its_attempts() {
    Job job = chat().job();
    Request request = new Request(new JobMessage(job, 2), "worker-1", nonce(), false);

    Claim.Granted granted = (Claim.Granted) await(it.leases().claim(request));

    assertThat(granted.record().attempt()).isEqualTo(3);
    assertThat(happened(job))
        .singleElement()
        .isInstanceOfSatisfying(
            JobEvent.Reset.class, reset -> assertThat(reset.attempt()).isEqualTo(3));
  }

  @Test
  void a_restored_job_that_is_continued_starts_with_a_reset_at_the_same_attempt() {
    Job job = chat().job();
    Request request = new Request(new JobMessage(job, 1), "worker-1", nonce(), true);

    Claim.Granted granted = (Claim.Granted) await(it.leases().claim(request));

    assertThat(granted.record().attempt()).isOne();
    assertThat(log(job.id()))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.position()).isEqualTo(new Position(granted.lease().fence(), 0));
              assertThat(event.event())
                  .isInstanceOfSatisfying(
                      JobEvent.Reset.class, reset -> assertThat(reset.attempt()).isOne());
            });
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }

  @Test
  void a_job_without_a_record_is_over_past_its_finish_by() {
    Job job = chat().finishBy(now().minusMillis(1)).job();

    assertThat(claim(job, "worker-1")).isInstanceOf(Claim.Over.class);
    assertThat(await(it.store().find(job.id()))).isInstanceOf(JobStore.Lookup.Absent.class);
  }

  @Test
  void a_restored_job_holds_its_idempotency_key_again() {
    Job job = chat().idempotency("k", "print").job();
    granted(job);

    assertThat(await(it.admission().admit(chat().idempotency("k", "print").job())))
        .isInstanceOfSatisfying(
            Admission.Decision.Replayed.class,
            replayed -> assertThat(replayed.record().id()).isEqualTo(job.id()));
  }

  @Test
  void a_restored_job_is_superseded_where_another_holds_its_key() {
    Job holder = accepted(chat().idempotency("k", "print"));
    Job job = chat().idempotency("k", "print").job();

    assertThat(claim(job, "worker-1")).isEqualTo(new Claim.Ended(JobState.CANCELLED));
    assertThat(claim(job, "worker-1")).isEqualTo(new Claim.Over(JobState.CANCELLED));

    assertEnded(job, JobState.CANCELLED);
    assertThat(code(job)).contains(FailureCode.SUPERSEDED);
    assertThat(state(holder)).isEqualTo(JobState.QUEUED);
    assertThat(await(it.admission().admit(chat().idempotency("k", "print").job())))
        .isEqualTo(new Admission.Decision.Replayed(record(holder)));
  }

  // --- renew

  @Test
  void a_renewed_lease_is_whole_again() {
    Job job = accepted();
    Lease lease = leased(job);

    assertThat(await(it.leases().renew(lease))).isEqualTo(Renewal.RENEWED);
    assertThat(await(it.leases().renew(lease))).isEqualTo(Renewal.RENEWED);

    assertThat(claim(job, "worker-2"))
        .isInstanceOfSatisfying(
            Claim.Held.class,
            held -> assertThat(held.remaining()).isGreaterThan(Leases.LENGTH.dividedBy(2)));
  }

  @Test
  void an_ended_lease_that_nobody_took_can_be_renewed() {
    Job job = accepted();
    Lease lease = leased(job);
    it.letLeaseEnd(job.id());

    assertThat(await(it.leases().renew(lease))).isEqualTo(Renewal.RENEWED);
    assertThat(claim(job, "worker-2")).isInstanceOf(Claim.Held.class);
  }

  @Test
  void a_renewal_tells_that_the_job_is_to_be_cancelled() {
    Job job = accepted();
    Lease lease = leased(job);
    await(it.store().cancel(job.id()));

    assertThat(await(it.leases().renew(lease))).isEqualTo(Renewal.CANCELLING);
  }

  @Test
  void a_renewal_tells_that_another_took_the_job() {
    Job job = accepted();
    Lease old = leased(job);
    it.letLeaseEnd(job.id());
    Lease current = granted(job, "worker-2").lease();

    assertThat(await(it.leases().renew(old))).isEqualTo(Renewal.FENCED);
    assertThat(await(it.leases().renew(current))).isEqualTo(Renewal.RENEWED);
  }

  @Test
  void a_renewal_tells_that_the_job_ended_or_was_given_up() {
    Job ended = accepted();
    Lease lease = leased(ended);
    await(it.store().end(ended.id(), new Ending.Failed(BROKEN, Output.NONE, Usage.NONE)));
    Job finished = accepted();
    Lease done = leased(finished);
    finish(done, COMPLETED);
    Job givenUp = accepted();
    Lease former = leased(givenUp);
    await(it.leases().requeue(former, now(), BUSY));

    assertThat(await(it.leases().renew(lease))).isEqualTo(Renewal.FENCED);
    assertThat(await(it.leases().renew(done))).isEqualTo(Renewal.FENCED);
    assertThat(await(it.leases().renew(former))).isEqualTo(Renewal.FENCED);
  }

  @Test
  void without_a_record_every_answer_is_gone() {
    Lease lease = strangers(chat().job());

    assertThat(await(it.leases().renew(lease))).isEqualTo(Renewal.GONE);
    assertThat(await(it.leases().requeue(lease, now(), BUSY))).isEqualTo(Settled.GONE);
    assertThat(finish(lease, COMPLETED)).isEqualTo(Settled.GONE);
  }

  // --- requeue

  static List<Arguments> blames() {
    return List.of(
        Arguments.of(BROKEN, 1, 0), Arguments.of(CRASHED, 0, 1), Arguments.of(BUSY, 0, 0));
  }

  @ParameterizedTest
  @MethodSource("blames")
  void a_job_that_is_given_up_is_queued_and_its_failure_counted_once(
      Failure why, int failures, int losses) {
    Job job = accepted();
    Lease lease = leased(job);
    Instant notBefore = now().plus(Duration.ofMinutes(1));

    for (int n = 0; n < 2; n++) {
      assertThat(await(it.leases().requeue(lease, notBefore, why))).isEqualTo(Settled.WRITTEN);
    }

    JobRecord record = record(job);
    assertThat(record.state()).isEqualTo(JobState.QUEUED);
    assertThat(record.notBefore()).contains(notBefore);
    assertThat(record.attempt()).isOne();
    assertThat(record.failures()).isEqualTo(failures);
    assertThat(record.losses()).isEqualTo(losses);
    assertThat(record.fence()).isGreaterThan(lease.fence());
    assertThat(record.ending()).isEmpty();
    assertThat(happened(job)).containsExactly(new JobEvent.Start(1));
  }

  @Test
  void who_gave_the_job_up_cannot_finish_it() {
    Job job = accepted();
    Lease lease = leased(job);
    await(it.leases().requeue(lease, now(), BUSY));

    assertThat(finish(lease, COMPLETED)).isEqualTo(Settled.FENCED);
    assertThat(state(job)).isEqualTo(JobState.QUEUED);
  }

  @Test
  void who_finished_the_job_cannot_give_it_up() {
    Job job = accepted();
    Lease lease = leased(job);
    finish(lease, COMPLETED);

    assertThat(await(it.leases().requeue(lease, now(), BROKEN))).isEqualTo(Settled.FENCED);
    assertEnded(job, JobState.COMPLETED);
    assertThat(record(job).failures()).isZero();
  }

  @Test
  void a_former_holder_cannot_give_the_job_up() {
    Job job = accepted();
    Lease old = leased(job);
    it.letLeaseEnd(job.id());
    granted(job, "worker-2");

    assertThat(await(it.leases().requeue(old, now(), BROKEN))).isEqualTo(Settled.FENCED);
    assertThat(state(job)).isEqualTo(JobState.IN_PROGRESS);
    assertThat(record(job).failures()).isZero();
  }

  @Test
  void a_cancelling_job_that_is_given_up_is_cancelled() {
    Job job = accepted();
    Lease lease = leased(job);
    await(it.store().cancel(job.id()));

    for (int n = 0; n < 2; n++) {
      assertThat(await(it.leases().requeue(lease, now(), BUSY))).isEqualTo(Settled.WRITTEN);
    }
    assertEnded(job, JobState.CANCELLED);
  }

  // --- finish

  static List<Ending> endings() {
    Output output = new Output("text", Optional.empty(), List.of());
    return List.of(
        COMPLETED,
        new Ending.Completed(
            Output.NONE.with(List.of(new Embedding(0.1f, -1e-30f), new Embedding(1, 0))),
            new Usage(7, 0)),
        new Ending.Incomplete(output, new Usage(7, 512)),
        new Ending.Failed(BROKEN, output, new Usage(7, 3)),
        new Ending.Cancelled(Optional.empty(), output, new Usage(7, 3)));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void a_finished_job_has_its_ending_and_one_end_event(Ending ending) {
    Job job = accepted();
    Lease lease = leased(job);
    await(
        it.events().append(lease, 1, List.of(new JobEvent.Token("te"), new JobEvent.Token("xt"))));

    for (int n = 0; n < 2; n++) {
      assertThat(finish(lease, ending)).isEqualTo(Settled.WRITTEN);
    }

    assertEnded(job, ending.state());
    assertThat(record(job).ending()).contains(ending);
    assertThat(happened(job)).hasSize(4);
  }

  @Test
  void a_cancelling_job_becomes_cancelled_whatever_its_holder_says_and_keeps_its_output() {
    for (Ending ending : endings()) {
      Job job = accepted();
      Lease lease = leased(job);
      await(it.store().cancel(job.id()));

      for (int n = 0; n < 2; n++) {
        assertThat(finish(lease, ending)).isEqualTo(Settled.WRITTEN);
      }

      assertEnded(job, JobState.CANCELLED);
      assertThat(record(job).ending()).map(Ending::output).contains(ending.output());
      assertThat(record(job).ending()).map(Ending::usage).contains(ending.usage());
    }
  }

  @Test
  void a_former_holder_cannot_finish_the_job() {
    Job job = accepted();
    Lease old = leased(job);
    it.letLeaseEnd(job.id());
    Lease current = granted(job, "worker-2").lease();

    assertThat(finish(old, COMPLETED)).isEqualTo(Settled.FENCED);
    assertThat(state(job)).isEqualTo(JobState.IN_PROGRESS);
    Ending other = new Ending.Incomplete(Output.NONE, new Usage(1, 1));
    assertThat(finish(current, other)).isEqualTo(Settled.WRITTEN);
    assertThat(finish(old, COMPLETED)).isEqualTo(Settled.FENCED);

    assertThat(record(job).ending()).contains(other);
    assertEnded(job, JobState.INCOMPLETE);
  }

  @Test
  void a_job_that_was_ended_from_outside_is_not_finished_again() {
    Job job = accepted();
    Lease lease = leased(job);
    await(it.store().end(job.id(), new Ending.Failed(BROKEN, Output.NONE, Usage.NONE)));

    assertThat(finish(lease, COMPLETED)).isEqualTo(Settled.FENCED);
    assertEnded(job, JobState.FAILED);
  }

  @Test
  void a_holder_whose_lease_ended_unnoticed_may_still_finish() {
    Job job = accepted();
    Lease lease = leased(job);
    it.letLeaseEnd(job.id());

    assertThat(finish(lease, COMPLETED)).isEqualTo(Settled.WRITTEN);
    assertEnded(job, JobState.COMPLETED);
  }

  @Test
  void however_cancel_end_and_finish_race_there_is_one_end() {
    for (int round = 0; round < 30; round++) {
      Job job = accepted();
      Lease lease = leased(job);

      Future<Settled> finished = it.leases().finish(lease, COMPLETED);
      Future<JobStore.Cancellation> cancelled = it.store().cancel(job.id());
      Future<Boolean> ended =
          it.store().end(job.id(), new Ending.Failed(BROKEN, Output.NONE, Usage.NONE));
      boolean byHolder = await(finished) == Settled.WRITTEN;
      await(cancelled);
      boolean fromOutside = await(ended);

      assertThat(byHolder).isNotEqualTo(fromOutside);
      assertEnded(job, state(job));
    }
  }
}
