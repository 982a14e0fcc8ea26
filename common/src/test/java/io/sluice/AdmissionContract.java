package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission.Decision;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Admission} keeps. */
public abstract class AdmissionContract extends StoreContract {
  private static final int PER_TENANT = 4;
  private static final int IN_TOTAL = 6;

  @Override
  Admission.Bounds bounds() {
    return new Admission.Bounds(PER_TENANT, IN_TOTAL);
  }

  private Decision admit(Jobs jobs) {
    return await(it.admission().admit(jobs.job()));
  }

  @Test
  void who_holds_a_key_is_told_without_deciding_anything() {
    Job holder = accepted(chat().idempotency("k", "print"));
    Job same = chat().idempotency("k", "print").job();
    Job other = chat().idempotency("k", "another print").job();
    Job free = chat().idempotency("free", "print").job();

    assertThat(await(it.admission().replay(same))).contains(new Decision.Replayed(record(holder)));
    assertThat(await(it.admission().replay(other))).contains(new Decision.KeyReused(holder.id()));
    for (Job nobodys : List.of(free, chat().job())) {
      assertThat(await(it.admission().replay(nobodys))).isEmpty();
      assertThat(await(it.store().find(nobodys.id()))).isEqualTo(new JobStore.Lookup.Absent());
    }
  }

  @Test
  void a_job_whose_holder_was_asked_for_is_not_undone() {
    Job holder = chat().idempotency("k", "print").job();
    await(it.admission().admit(holder));
    await(it.admission().replay(chat().idempotency("k", "print").job()));
    await(it.admission().undo(holder.id()));

    assertThat(state(holder)).isEqualTo(JobState.QUEUED);
  }

  @Test
  void an_admitted_job_is_queued_and_unpublished() {
    Job job = chat().everything().job();

    assertThat(await(it.admission().admit(job))).isInstanceOf(Decision.Admitted.class);

    JobRecord record = record(job);
    assertThat(record.job()).isEqualTo(job);
    assertThat(record.state()).isEqualTo(JobState.QUEUED);
    assertThat(record.published()).isFalse();
    assertThat(record.attempt()).isZero();
    assertThat(record.failures()).isZero();
    assertThat(record.losses()).isZero();
    assertThat(record.notBefore()).isEmpty();
    assertThat(record.startedAt()).isEmpty();
    assertThat(record.endedAt()).isEmpty();
    assertThat(record.ending()).isEmpty();
    assertThat(log(job.id())).isEmpty();
  }

  @Test
  void the_same_job_sent_twice_is_admitted_once() {
    Jobs keyed = chat().idempotency("k", "print");
    assertThat(admit(keyed)).isInstanceOf(Decision.Admitted.class);
    assertThat(admit(keyed)).isInstanceOf(Decision.Admitted.class);
    assertPlacesLeft(PER_TENANT - 1);

    Jobs bare = Jobs.chat(now()).tenant(tenant + "-other");
    assertThat(admit(bare)).isInstanceOf(Decision.Admitted.class);
    assertThat(admit(bare)).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void the_same_key_and_fingerprint_is_a_replay_of_the_job_as_it_stands() {
    Job first = chat().idempotency("k", "print").job();
    await(it.admission().admit(first));

    assertReplayed(first, JobState.QUEUED);
    await(it.admission().published(List.of(first.id())));
    finish(leased(first), COMPLETED);
    assertReplayed(first, JobState.COMPLETED);
  }

  private void assertReplayed(Job first, JobState state) {
    Jobs again = chat().idempotency("k", "print");
    assertThat(admit(again))
        .isInstanceOfSatisfying(
            Decision.Replayed.class,
            replayed -> {
              assertThat(replayed.record()).isEqualTo(record(first));
              assertThat(replayed.record().state()).isEqualTo(state);
            });
    assertThat(await(it.store().find(again.job().id()))).isInstanceOf(JobStore.Lookup.Absent.class);
  }

  @Test
  void the_same_key_with_another_fingerprint_is_refused_and_names_the_holder() {
    Jobs first = chat().idempotency("k", "print");
    admit(first);

    Jobs other = chat().idempotency("k", "another");

    assertThat(admit(other)).isEqualTo(new Decision.KeyReused(first.job().id()));
    assertThat(await(it.store().find(other.job().id()))).isInstanceOf(JobStore.Lookup.Absent.class);
    assertPlacesLeft(PER_TENANT - 1);
  }

  @Test
  void keys_belong_to_their_tenant() {
    assertThat(admit(chat().idempotency("k", "print"))).isInstanceOf(Decision.Admitted.class);
    assertThat(admit(Jobs.chat(now()).tenant(tenant + "-other").idempotency("k", "print")))
        .isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void fifty_submissions_with_one_key_become_one_job() {
    List<Future<Decision>> asked =
        IntStream.range(0, 50)
            .mapToObj(n -> it.admission().admit(chat().idempotency("k", "print").job()))
            .toList();

    List<Decision> decisions = asked.stream().map(Await::await).toList();

    assertThat(decisions).filteredOn(Decision.Admitted.class::isInstance).hasSize(1);
    assertThat(
            decisions.stream()
                .filter(Decision.Replayed.class::isInstance)
                .map(decision -> ((Decision.Replayed) decision).record().id())
                .toList())
        .hasSize(49)
        .containsOnly(
            await(it.store().list(new JobStore.Query(tenant, none(), none(), 10)))
                .jobs()
                .getFirst()
                .id());
    assertPlacesLeft(PER_TENANT - 1);
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  @Test
  void a_tenant_may_have_so_many_waiting_and_no_more() {
    for (int n = 0; n < PER_TENANT; n++) {
      assertThat(admit(chat())).isInstanceOf(Decision.Admitted.class);
    }

    Jobs refused = chat().idempotency("k", "print");

    assertThat(admit(refused))
        .isInstanceOfSatisfying(
            Decision.Refused.class,
            answer -> {
              assertThat(answer.standing().exceeded().getFirst().limit())
                  .isEqualTo(Limit.TENANT_WAITING_JOBS);
              assertThat(answer.standing().exceeded().getFirst().bound()).isEqualTo(PER_TENANT);
              assertThat(answer.standing().exceeded().getFirst().retryAfter().orElseThrow())
                  .isPositive();
            });
    assertThat(await(it.store().find(refused.job().id())))
        .isInstanceOf(JobStore.Lookup.Absent.class);
  }

  @Test
  void a_refused_submission_does_not_take_its_key() {
    List<Job> waiting = new ArrayList<>();
    for (int n = 0; n < PER_TENANT; n++) {
      waiting.add(accepted());
    }
    admit(chat().idempotency("k", "print"));
    granted(waiting.getFirst());

    assertThat(admit(chat().idempotency("k", "another"))).isInstanceOf(Decision.Admitted.class);
  }

  @Test
  void a_replay_is_answered_even_where_a_bound_is_reached() {
    Jobs first = chat().idempotency("k", "print");
    admit(first);
    assertPlacesLeft(PER_TENANT - 1);

    assertThat(admit(chat().idempotency("k", "print"))).isInstanceOf(Decision.Replayed.class);
  }

  @Test
  void all_tenants_together_may_have_so_many_waiting_and_no_more() {
    for (int n = 0; n < IN_TOTAL; n++) {
      assertThat(admit(Jobs.chat(now()).tenant(UUID.randomUUID().toString())))
          .isInstanceOf(Decision.Admitted.class);
    }

    assertThat(admit(chat()))
        .isInstanceOfSatisfying(
            Decision.Refused.class,
            answer -> {
              assertThat(answer.standing().exceeded().getFirst().limit())
                  .isEqualTo(Limit.WAITING_JOBS);
              assertThat(answer.standing().exceeded().getFirst().bound()).isEqualTo(IN_TOTAL);
              assertThat(answer.standing().exceeded().getFirst().retryAfter().orElseThrow())
                  .isPositive();
            });
  }

  @Test
  void no_crowd_gets_past_a_bound() {
    List<Future<Decision>> asked =
        IntStream.range(0, 50).mapToObj(n -> it.admission().admit(chat().job())).toList();

    assertThat(asked.stream().map(Await::await).filter(Decision.Admitted.class::isInstance))
        .hasSize(PER_TENANT);
  }

  @Test
  void a_claim_gives_back_the_place() {
    Job job = accepted();
    granted(job);
    assertPlacesLeft(PER_TENANT);
  }

  @Test
  void a_place_is_given_back_once_however_the_job_goes_on() {
    Job job = accepted();
    Leases.Lease first = leased(job);
    await(it.leases().requeue(first, now(), BUSY));
    it.letPass(now().plusMillis(1));
    Leases.Lease second = leased(job);
    await(it.store().cancel(job.id()));
    finish(second, COMPLETED);
    await(it.store().cancel(job.id()));

    assertPlacesLeft(PER_TENANT);
  }

  @Test
  void a_cancelled_job_gives_back_its_place() {
    Job job = accepted();
    await(it.store().cancel(job.id()));
    await(it.store().cancel(job.id()));
    assertPlacesLeft(PER_TENANT);
  }

  @Test
  void a_job_ended_from_outside_gives_back_its_place() {
    Job job = accepted();
    await(it.store().end(job.id(), new Ending.Failed(BROKEN, Output.NONE, Usage.NONE)));
    assertPlacesLeft(PER_TENANT);
  }

  @Test
  void an_expired_job_gives_back_its_place_when_it_is_swept() {
    accepted(chat().startBy(now().minusSeconds(1)));
    await(it.store().sweep(100));
    await(it.store().sweep(100));
    assertPlacesLeft(PER_TENANT);
  }

  @Test
  void an_expired_job_gives_back_its_place_when_it_is_claimed() {
    Job job = accepted(chat().startBy(now().minusSeconds(1)));
    claim(job, "worker-1");
    assertPlacesLeft(PER_TENANT);
  }

  @Test
  void a_job_restored_from_its_message_never_makes_room_for_two() {
    Job unknown = chat().job();
    granted(unknown);
    assertPlacesLeft(PER_TENANT);
  }

  @Test
  void the_mark_of_publication_is_kept() {
    Job first = chat().job();
    Job second = chat().job();
    await(it.admission().admit(first));
    await(it.admission().admit(second));

    await(it.admission().published(List.of(first.id(), second.id(), chat().job().id())));
    await(it.admission().published(List.of(first.id())));

    assertThat(record(first).published()).isTrue();
    assertThat(record(second).published()).isTrue();
    assertThat(record(first).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void the_mark_of_publication_may_come_after_the_end() {
    Job job = chat().job();
    await(it.admission().admit(job));
    finish(leased(job), COMPLETED);

    await(it.admission().published(List.of(job.id())));

    assertEnded(job, JobState.COMPLETED);
  }

  @Test
  void undo_removes_the_record_and_frees_key_and_place() {
    Job job = chat().idempotency("k", "print").job();
    await(it.admission().admit(job));

    await(it.admission().undo(job.id()));
    await(it.admission().undo(job.id()));

    assertThat(await(it.store().find(job.id()))).isInstanceOf(JobStore.Lookup.Absent.class);
    assertThat(admit(chat().idempotency("k", "another"))).isInstanceOf(Decision.Admitted.class);
    assertPlacesLeft(PER_TENANT - 1);
  }

  @Test
  void undo_never_frees_a_key_that_another_job_took_meanwhile() {
    Job first = chat().idempotency("k", "print").job();
    await(it.admission().admit(first));
    await(it.admission().undo(first.id()));
    Job second = chat().idempotency("k", "print").job();
    await(it.admission().admit(second));

    await(it.admission().undo(first.id()));

    assertReplayed(second, JobState.QUEUED);
  }

  @Test
  void undo_leaves_a_published_job_as_it_is() {
    Job job = accepted();
    await(it.admission().undo(job.id()));
    assertThat(state(job)).isEqualTo(JobState.QUEUED);
    assertPlacesLeft(PER_TENANT - 1);
  }

  @Test
  void undo_leaves_a_started_job_as_it_is() {
    Job job = chat().job();
    await(it.admission().admit(job));
    Leases.Lease lease = leased(job);

    await(it.admission().undo(job.id()));
    assertThat(state(job)).isEqualTo(JobState.IN_PROGRESS);

    await(it.leases().requeue(lease, now(), BUSY));
    await(it.admission().undo(job.id()));
    assertThat(state(job)).isEqualTo(JobState.QUEUED);
  }

  @Test
  void undo_leaves_a_job_whose_submission_was_repeated() {
    Job job = chat().idempotency("k", "print").job();
    await(it.admission().admit(job));
    assertReplayed(job, JobState.QUEUED);

    await(it.admission().undo(job.id()));

    assertThat(state(job)).isEqualTo(JobState.QUEUED);
    assertReplayed(job, JobState.QUEUED);
    assertPlacesLeft(PER_TENANT - 1);
  }

  @Test
  void undo_of_an_unknown_job_changes_nothing() {
    accepted();
    await(it.admission().undo(chat().job().id()));
    assertPlacesLeft(PER_TENANT - 1);
  }

  @Test
  void the_place_of_a_job_that_stays_unpublished_is_refunded_once() {
    Job job = chat().job();
    await(it.admission().admit(job));
    it.letPass(now().plusMillis(1));

    assertThat(await(it.admission().refundUnpublished(Duration.ofHours(1), 100))).isZero();
    assertThat(await(it.admission().refundUnpublished(Duration.ZERO, 100))).isOne();
    assertThat(await(it.admission().refundUnpublished(Duration.ZERO, 100))).isZero();

    assertThat(state(job)).isEqualTo(JobState.QUEUED);
    granted(job);
    assertPlacesLeft(PER_TENANT);
  }

  @Test
  void a_published_job_is_never_refunded() {
    accepted();
    it.letPass(now().plusMillis(1));
    assertThat(await(it.admission().refundUnpublished(Duration.ZERO, 100))).isZero();
    assertPlacesLeft(PER_TENANT - 1);
  }

  @Test
  void a_started_job_is_never_refunded_again() {
    Job job = chat().job();
    await(it.admission().admit(job));
    granted(job);
    it.letPass(now().plusMillis(1));

    assertThat(await(it.admission().refundUnpublished(Duration.ZERO, 100))).isZero();
    assertPlacesLeft(PER_TENANT);
  }

  @Test
  void refunds_look_at_no_more_than_they_were_told() {
    for (int n = 0; n < 3; n++) {
      await(it.admission().admit(chat().job()));
    }
    it.letPass(now().plusMillis(1));

    assertThat(await(it.admission().refundUnpublished(Duration.ZERO, 2))).isLessThanOrEqualTo(2);
    await(it.admission().refundUnpublished(Duration.ZERO, 100));
    assertPlacesLeft(PER_TENANT);
  }

  /** The tenant can have exactly so many more jobs wait; fills them up. */
  private void assertPlacesLeft(int places) {
    for (int n = 0; n < places; n++) {
      assertThat(admit(chat()))
          .as("place %s of %s", n + 1, places)
          .isInstanceOf(Decision.Admitted.class);
    }
    assertThat(admit(chat())).isInstanceOf(Decision.Refused.class);
  }
}
