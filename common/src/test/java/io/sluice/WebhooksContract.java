package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sluice.Leases.Lease;
import io.sluice.WebhookDelivery.State;
import io.sluice.Webhooks.InHand;
import io.sluice.Webhooks.Owed;
import io.sluice.Webhooks.Target;
import io.sluice.Webhooks.Tried;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link Webhooks} keeps. */
public abstract class WebhooksContract extends StoreContract {
  private static final String URL = "https://example.org/hook?a=b";
  private static final Tried LATER =
      new Tried.Retry(Optional.of(503), "status", Duration.ofHours(1));

  private Job hooked() {
    return accepted(chat().webhook(URL));
  }

  private Job hooked(String ofTenant, String url) {
    return accepted(Jobs.chat(now()).tenant(ofTenant).webhook(url));
  }

  private Job ended(Job job) {
    await(it.store().cancel(job.id()));
    return job;
  }

  private List<Owed> take(int most) {
    return await(it.webhooks().take(most, InHand.NOTHING));
  }

  private List<JobId> taken(int most) {
    return take(most).stream().map(Owed::id).toList();
  }

  private boolean settle(Owed owed, Tried tried) {
    return await(it.webhooks().settle(owed, tried));
  }

  private WebhookDelivery delivery(Job job) {
    return record(job).webhook().orElseThrow();
  }

  @Test
  void nothing_is_owed_before_the_end_and_nothing_for_a_job_without_a_webhook() {
    Job waiting = hooked();
    Job running = hooked();
    leased(running);
    ended(accepted());

    assertThat(take(10)).isEmpty();
    assertThat(delivery(waiting)).isEqualTo(WebhookDelivery.OWED_LATER);
    assertThat(delivery(running)).isEqualTo(WebhookDelivery.OWED_LATER);
  }

  @Test
  void a_job_without_a_webhook_has_no_delivery() {
    assertThat(record(ended(accepted())).webhook()).isEmpty();
  }

  @Test
  void every_ending_is_owed() {
    Job cancelled = ended(hooked());
    Job finished = hooked();
    finish(leased(finished), COMPLETED);
    Job failed = hooked();
    finish(leased(failed), new Ending.Failed(BROKEN, Output.NONE, Usage.NONE));
    Job endedFromOutside = hooked();
    await(
        it.store().end(endedFromOutside.id(), new Ending.Failed(BROKEN, Output.NONE, Usage.NONE)));
    Job stopped = hooked();
    Lease lease = leased(stopped);
    await(it.store().cancel(stopped.id()));
    finish(lease, COMPLETED);
    Job givenUp = hooked();
    Lease left = leased(givenUp);
    await(it.store().cancel(givenUp.id()));
    await(it.leases().requeue(left, now(), BROKEN));
    Job expired = accepted(chat().startBy(now().plusMillis(50)).webhook(URL));
    it.letPass(expired.startBy());
    await(it.store().sweep(100));

    List<JobId> told = new ArrayList<>();
    for (List<Owed> some = take(100); !some.isEmpty(); some = take(100)) {
      some.forEach(one -> told.add(one.id()));
      some.forEach(one -> settle(one, new Tried.Delivered(200)));
      it.letPass(now().plusMillis(2));
    }

    assertThat(told)
        .containsExactlyInAnyOrder(
            cancelled.id(),
            finished.id(),
            failed.id(),
            endedFromOutside.id(),
            stopped.id(),
            givenUp.id(),
            expired.id());
  }

  private Job shared(Jobs jobs) {
    Job job = jobs.webhook(URL).job();
    Sharing.Terms terms = new Sharing.Terms(Duration.ofHours(1), 1_000, 10_000_000);
    Sharing same = new Sharing("%064x".formatted(1), Duration.ofHours(1), terms);
    await(
        it.admission()
            .admit(new Admission.Entry(job, Limits.NONE, 1, Optional.empty(), Optional.of(same))));
    return job;
  }

  @Test
  void a_job_that_got_the_answer_of_another_one_is_owed() {
    Job first = shared(chat());
    await(it.admission().published(List.of(first.id())));
    Job joined = shared(chat());
    await(it.admission().published(List.of(joined.id())));
    finish(leased(first), COMPLETED);
    Job later = shared(chat());

    assertThat(List.of(state(joined), state(later))).containsOnly(JobState.COMPLETED);
    assertThat(taken(10)).containsExactlyInAnyOrder(first.id(), joined.id(), later.id());
  }

  @Test
  void a_poisoned_job_is_owed() {
    Job job = hooked();
    for (int loss = 0; loss < Leases.MAX_LOSSES; loss++) {
      granted(job, "worker-" + loss);
      it.letLeaseEnd(job.id());
    }
    await(it.leases().claim(request(job, "last")));

    assertThat(record(job).state()).isEqualTo(JobState.FAILED);
    assertThat(taken(10)).containsExactly(job.id());
  }

  @Test
  void a_job_whose_key_another_holds_is_owed_when_it_comes_back_from_its_message() {
    Job holder = accepted(chat().idempotency("key", "print"));
    Job other = chat().idempotency("key", "print").webhook(URL).job();
    await(it.leases().claim(request(other, "worker")));

    assertThat(record(other).state()).isEqualTo(JobState.CANCELLED);
    assertThat(holder.id()).isNotEqualTo(other.id());
    assertThat(taken(10)).containsExactly(other.id());
  }

  @Test
  void what_was_taken_is_not_taken_again_before_its_lease_is_over() {
    Job job = ended(hooked());

    Owed first = take(10).getFirst();
    assertThat(first.target()).isEqualTo(new Target(job.tenant(), "https://example.org:443"));
    assertThat(take(10)).isEmpty();
    assertThat(delivery(job).attempts()).isOne();

    it.letWebhookLeaseEnd(job.id());
    Owed second = take(10).getFirst();
    assertThat(second.id()).isEqualTo(job.id());
    assertThat(second.lease()).isNotEqualTo(first.lease());
    assertThat(settle(first, new Tried.Delivered(200))).isFalse();
    assertThat(delivery(job).state()).isEqualTo(State.PENDING);
    assertThat(settle(second, new Tried.Delivered(200))).isTrue();
    assertThat(delivery(job).attempts()).isEqualTo(2);
  }

  @Test
  void what_was_delivered_is_over() {
    Job job = ended(hooked());
    Instant end = record(job).endedAt().orElseThrow();
    assertThat(delivery(job).nextTry()).contains(end);
    Owed owed = take(10).getFirst();

    assertThat(settle(owed, new Tried.Delivered(204))).isTrue();
    assertThat(settle(owed, new Tried.Delivered(204))).isTrue();

    it.letWebhookLeaseEnd(job.id());
    assertThat(take(10)).isEmpty();
    assertThat(delivery(job))
        .isEqualTo(
            new WebhookDelivery(
                State.DELIVERED,
                1,
                Optional.of(204),
                Optional.empty(),
                Optional.empty(),
                Optional.of(end)));
  }

  @Test
  void what_failed_is_due_again_after_its_pause() {
    Job job = ended(hooked());
    Instant before = now();
    settle(
        take(10).getFirst(), new Tried.Retry(Optional.empty(), "timeout", Duration.ofMillis(300)));

    Instant next = delivery(job).nextTry().orElseThrow();
    assertThat(next).isBetween(before.plusMillis(300), now().plusMillis(300));
    assertThat(delivery(job).lastProblem()).contains("timeout");
    assertThat(delivery(job).lastStatus()).isEmpty();
    it.letPass(next);
    assertThat(taken(10)).containsExactly(job.id());
    assertThat(delivery(job).attempts()).isEqualTo(2);
  }

  @Test
  void what_has_long_to_wait_is_not_taken() {
    Job job = ended(hooked());
    settle(take(10).getFirst(), LATER);

    assertThat(take(10)).isEmpty();
    assertThat(delivery(job).lastStatus()).contains(503);
  }

  @Test
  void what_was_given_up_is_over_and_says_why() {
    Job job = ended(hooked());
    settle(take(10).getFirst(), new Tried.Failed(Optional.of(410), "gone"));

    it.letWebhookLeaseEnd(job.id());
    assertThat(take(10)).isEmpty();
    assertThat(delivery(job).state()).isEqualTo(State.FAILED);
    assertThat(delivery(job).lastStatus()).contains(410);
    assertThat(delivery(job).lastProblem()).contains("gone");
    assertThat(delivery(job).nextTry()).isEmpty();
  }

  @Test
  void what_was_not_tried_does_not_count() {
    Job job = ended(hooked());
    settle(take(10).getFirst(), new Tried.NotTried(Duration.ZERO));

    assertThat(delivery(job).attempts()).isZero();
    it.letPass(now());
    assertThat(taken(10)).containsExactly(job.id());
    assertThat(delivery(job).attempts()).isOne();
  }

  @Test
  void each_try_is_a_step_of_the_history() {
    Job job = ended(hooked());
    settle(take(10).getFirst(), LATER);
    it.letWebhookLeaseEnd(job.id());
    it.letPass(now());
    await(it.webhooks().again(job.id()));
    Owed owed = take(10).getFirst();
    settle(owed, new Tried.Delivered(200));
    settle(owed, new Tried.Delivered(200));

    List<Step> steps = await(it.history().steps(job.id(), Optional.of(job.tenant())));
    List<Step.WebhookTried> tries =
        steps.stream()
            .filter(Step.WebhookTried.class::isInstance)
            .map(Step.WebhookTried.class::cast)
            .toList();
    assertThat(tries)
        .extracting(Step.WebhookTried::status)
        .containsExactly(Optional.of(503), Optional.of(200));
    assertThat(tries)
        .extracting(Step.WebhookTried::problem)
        .containsExactly(Optional.of("status"), Optional.empty());
  }

  @Test
  void what_is_asked_for_again_is_owed_anew() {
    Job job = ended(hooked());
    settle(take(10).getFirst(), new Tried.Failed(Optional.empty(), "timeout"));
    Instant before = now();

    assertThat(await(it.webhooks().again(job.id()))).isTrue();

    assertThat(delivery(job).state()).isEqualTo(State.PENDING);
    assertThat(delivery(job).attempts()).isZero();
    assertThat(delivery(job).since().orElseThrow()).isAfterOrEqualTo(before);
    it.letPass(now());
    assertThat(taken(10)).containsExactly(job.id());
  }

  @Test
  void what_waits_for_its_next_try_is_due_at_once_when_it_is_asked_for() {
    Job job = ended(hooked());
    settle(take(10).getFirst(), LATER);

    assertThat(await(it.webhooks().again(job.id()))).isTrue();
    it.letPass(now());
    assertThat(taken(10)).containsExactly(job.id());
  }

  @Test
  void what_is_on_its_way_is_left_to_who_has_it() {
    Job job = ended(hooked());
    Owed owed = take(10).getFirst();

    assertThat(await(it.webhooks().again(job.id()))).isTrue();
    assertThat(take(10)).isEmpty();
    assertThat(settle(owed, new Tried.Delivered(200))).isTrue();
    assertThat(delivery(job).state()).isEqualTo(State.DELIVERED);
  }

  @Test
  void nothing_is_asked_for_that_has_not_ended_or_has_no_webhook() {
    assertThat(await(it.webhooks().again(hooked().id()))).isFalse();
    assertThat(await(it.webhooks().again(ended(accepted()).id()))).isFalse();
    assertThat(await(it.webhooks().again(JobId.at(now())))).isFalse();
  }

  @Test
  void a_target_gets_only_so_many_at_a_time() {
    for (int n = 0; n < Webhooks.TARGET_MAX + 2; n++) {
      ended(hooked());
    }
    Job elsewhere = ended(hooked(tenant, "https://example.org:8443/hook"));

    List<Owed> first = take(100);

    assertThat(first).hasSize(Webhooks.TARGET_MAX + 1);
    assertThat(first).extracting(Owed::id).contains(elsewhere.id());
    it.letPass(now().plusMillis(2));
    Target busy = new Target(tenant, "https://example.org:443");
    Map<Target, Integer> ofTargets = Map.of(busy, Webhooks.TARGET_MAX);
    assertThat(await(it.webhooks().take(100, new InHand(Map.of(tenant, 5), ofTargets)))).isEmpty();
    assertThat(take(100)).hasSize(2);
  }

  @Test
  void a_tenant_gets_only_so_many_at_a_time_and_others_are_not_held_up() {
    for (int n = 0; n < Webhooks.TENANT_MAX + 2; n++) {
      ended(hooked(tenant, "https://h" + n + ".example.org/"));
    }
    Job other = ended(hooked(tenant + "-b", URL));
    Job third = ended(hooked(tenant + "-c", URL));

    List<Owed> first = take(100);

    assertThat(first).hasSize(Webhooks.TENANT_MAX + 2);
    assertThat(first).extracting(Owed::id).contains(other.id(), third.id());
    it.letPass(now().plusMillis(2));
    assertThat(
            await(
                it.webhooks().take(100, new InHand(Map.of(tenant, Webhooks.TENANT_MAX), Map.of()))))
        .isEmpty();
    assertThat(take(100)).hasSize(2);
  }

  @Test
  void tenants_and_their_targets_take_turns() {
    for (int n = 0; n < 3; n++) {
      ended(hooked(tenant, "https://a.example.org/"));
      ended(hooked(tenant, "https://b.example.org/"));
      ended(hooked(tenant + "-b", "https://a.example.org/"));
    }
    List<Target> turns = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      Owed owed = take(1).getFirst();
      turns.add(owed.target());
      settle(owed, new Tried.Delivered(200));
      it.letPass(now().plusMillis(2));
    }

    assertThat(turns.subList(0, 2)).extracting(Target::tenant).doesNotHaveDuplicates();
    assertThat(turns.subList(2, 4)).extracting(Target::tenant).doesNotHaveDuplicates();
    assertThat(turns.stream().filter(it -> it.tenant().equals(tenant)))
        .extracting(Target::origin)
        .containsExactlyInAnyOrder("https://a.example.org:443", "https://b.example.org:443");
  }

  @Test
  void what_is_owed_outlives_the_usual_life_of_a_record() {
    Job owed = ended(hooked());
    Job told = ended(hooked(tenant, "https://other.example.org/"));
    for (Owed one : take(10)) {
      settle(one, one.id().equals(told.id()) ? new Tried.Delivered(200) : LATER);
    }

    assertThat(it.lifeEnds(told.id()))
        .isBetween(now().plus(Duration.ofHours(23)), now().plus(Duration.ofHours(25)));
    assertThat(it.lifeEnds(owed.id())).isAfter(now().plus(Webhooks.KEPT));
  }

  @Test
  void a_record_that_is_gone_is_owed_no_more() {
    Job job = ended(hooked());
    for (int day = 1; day <= 4 && isThere(job); day++) {
      it.letLifeEnd(job.id());
      await(it.store().sweep(100));
    }
    assertThat(isThere(job)).isFalse();
    it.letPass(now());

    assertThat(take(10)).isEmpty();
  }

  private boolean isThere(Job job) {
    return await(it.store().find(job.id())) instanceof JobStore.Lookup.Found;
  }

  @Test
  void a_job_that_was_never_admitted_is_owed_nothing() {
    Job job = chat().webhook(URL).job();
    await(it.admission().admit(job));
    await(it.admission().undo(job.id()));
    it.letPass(now());

    assertThat(take(10)).isEmpty();
  }

  @Test
  void a_job_that_came_back_from_its_message_is_owed_at_its_end() {
    assumeThat(it.canLoseItsRecords()).isTrue();
    Job job = hooked();
    it.loseEverything();
    await(it.recovery().restore(new JobMessage(job, 0)));
    finish(leased(job), COMPLETED);

    assertThat(taken(10)).containsExactly(job.id());
  }
}
