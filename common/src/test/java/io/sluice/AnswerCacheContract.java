package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.Admission.Decision;
import io.sluice.Leases.Claim;
import io.sluice.Leases.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link AnswerCache} keeps, and the steps of the store that fill and use it. */
public abstract class AnswerCacheContract extends StoreContract {
  private static final Sharing.Terms TERMS =
      new Sharing.Terms(Duration.ofHours(1), 1_000, 10_000_000);
  private static final Usage USAGE = new Usage(7, 42);

  @Override
  Admission.Bounds bounds() {
    return new Admission.Bounds(3, 1_000);
  }

  private static Sharing sharing(int key) {
    return sharing(key, TERMS);
  }

  private static Sharing sharing(int key, Sharing.Terms terms) {
    return new Sharing("%064x".formatted(key), Duration.ofHours(1), terms);
  }

  private static Sharing fresh(int key) {
    return new Sharing("%064x".formatted(key), Duration.ZERO, TERMS);
  }

  private Decision admit(Job job, Sharing sharing) {
    return admit(job, sharing, Limits.NONE);
  }

  private Decision admit(Job job, Sharing sharing, Limits limits) {
    return await(
        it.admission()
            .admit(new Admission.Entry(job, limits, 1, Optional.empty(), Optional.of(sharing))));
  }

  /** Admitted, to run, and in the queue. */
  private Job accepted(Jobs jobs, Sharing sharing) {
    Job job = jobs.job();
    assertThat(admit(job, sharing)).isInstanceOf(Decision.Admitted.class);
    await(it.admission().published(List.of(job.id())));
    return job;
  }

  private Job accepted(Sharing sharing) {
    return accepted(chat(), sharing);
  }

  private JobRecord answered(Job job, Sharing sharing) {
    Decision decision = admit(job, sharing);
    assertThat(decision).isInstanceOf(Decision.Answered.class);
    return ((Decision.Answered) decision).record();
  }

  /** A job that ran and left its answer. */
  private Job ran(Sharing sharing, Ending ending) {
    Job job = accepted(sharing);
    finish(leased(job), ending);
    return job;
  }

  private Job ran(Sharing sharing) {
    return ran(sharing, COMPLETED);
  }

  private boolean isKnown(Sharing sharing) {
    return await(it.answers().holds(sharing));
  }

  private static Ending.Completed saying(String text) {
    return new Ending.Completed(new Output(text, Optional.empty(), List.of()), USAGE);
  }

  private void assertJoined(Job job, Job source) {
    assertEnded(job, JobState.COMPLETED);
    assertThat(record(job).cached())
        .contains(new Cached(Cached.How.JOINED, Optional.of(source.id())));
    assertThat(record(job).ending()).isEqualTo(record(source).ending());
  }

  // --- hits

  @Test
  void an_identical_job_has_its_answer_when_it_is_admitted() {
    Job source = ran(sharing(1));
    Job job = chat().job();

    JobRecord record = answered(job, sharing(1));

    assertThat(record).isEqualTo(record(job));
    assertThat(record.state()).isEqualTo(JobState.COMPLETED);
    assertThat(record.ending()).contains(COMPLETED);
    assertThat(record.cached()).contains(new Cached(Cached.How.HIT, Optional.of(source.id())));
    assertThat(record.attempt()).isZero();
    assertThat(record.startedAt()).isEqualTo(record.endedAt()).isPresent();
    assertThat(happened(job))
        .containsExactly(
            new JobEvent.Start(0),
            new JobEvent.Thinking("hm"),
            new JobEvent.Token("hello", COMPLETED.output().logprobs()),
            new JobEvent.ToolCall("{\"name\":\"f\"}"),
            new JobEvent.End(JobState.COMPLETED));
    assertThat(record(source).cached()).isEmpty();
  }

  @Test
  void another_job_has_to_run() {
    ran(sharing(1));

    assertThat(isKnown(sharing(1))).isTrue();
    assertThat(isKnown(sharing(2))).isFalse();
    accepted(sharing(2));
  }

  @Test
  void a_job_that_has_to_run_anew_does_and_its_answer_is_kept() {
    ran(sharing(1), saying("old"));
    Job anew = accepted(fresh(1));

    assertThat(isKnown(fresh(1))).isFalse();
    finish(leased(anew), saying("new"));

    assertThat(answered(chat().job(), sharing(1)).ending()).contains(saying("new"));
  }

  @Test
  void an_answer_that_is_older_than_a_job_takes_is_none() {
    ran(sharing(1));
    it.letPass(now().plusMillis(50));

    Sharing young = new Sharing(sharing(1).key(), Duration.ofMillis(40), TERMS);
    assertThat(isKnown(young)).isFalse();
    accepted(young);
  }

  @Test
  void an_answer_goes_when_its_age_has_come() {
    ran(sharing(1, new Sharing.Terms(Duration.ofSeconds(1), 10, 1_000_000)));
    assertThat(isKnown(sharing(1))).isTrue();

    it.letPass(now().plusMillis(1_000));

    assertThat(isKnown(sharing(1))).isFalse();
  }

  @Test
  void a_hit_costs_a_request_and_no_tokens() {
    Limits limits =
        new Limits(
            Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 3L, Limit.TENANT_TOKENS_PER_MINUTE, 1_000L),
            Set.of());
    Job source = chat().job();
    admit(source, sharing(1), limits);
    await(it.admission().published(List.of(source.id())));
    finish(leased(source), COMPLETED);

    assertThat(remaining(admit(chat().job(), sharing(1), limits)))
        .containsEntry(Limit.TENANT_REQUESTS_PER_MINUTE, 1L)
        .containsEntry(Limit.TENANT_TOKENS_PER_MINUTE, 1_000L - USAGE.tokens());
    assertThat(remaining(admit(chat().job(), sharing(1), limits)))
        .containsEntry(Limit.TENANT_REQUESTS_PER_MINUTE, 0L)
        .containsEntry(Limit.TENANT_TOKENS_PER_MINUTE, 1_000L - USAGE.tokens());
    Job third = chat().job();
    assertThat(admit(third, sharing(1), limits)).isInstanceOf(Decision.Refused.class);
    assertThat(await(it.store().find(third.id()))).isInstanceOf(JobStore.Lookup.Absent.class);
  }

  private static Map<Limit, Long> remaining(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Answered.class);
    return ((Decision.Answered) decision)
        .standing().levels().stream()
            .collect(Collectors.toMap(Admission.Level::limit, Admission.Level::remaining));
  }

  @Test
  void a_hit_needs_no_place_to_wait_in() {
    ran(sharing(1));
    IntStream.range(0, 3).forEach(i -> accepted());
    assertThat(await(it.admission().admit(chat().job()))).isInstanceOf(Decision.Refused.class);

    answered(chat().job(), sharing(1));
  }

  @Test
  void an_admission_that_is_sent_twice_answers_once() {
    ran(sharing(1));
    Job job = chat().job();
    JobRecord first = answered(job, sharing(1));
    await(it.answers().forget(Optional.empty()));

    assertThat(answered(job, sharing(1))).isEqualTo(first);
    assertThat(happened(job)).filteredOn(JobEvent.Token.class::isInstance).hasSize(1);
  }

  @Test
  void the_same_key_of_a_hit_is_replayed() {
    ran(sharing(1));
    Job job = chat().idempotency("k", "print").job();
    JobRecord record = answered(job, sharing(1));

    assertThat(admit(chat().idempotency("k", "print").job(), sharing(1)))
        .isEqualTo(new Decision.Replayed(record));
  }

  @Test
  void a_job_of_another_tenant_is_not_told_whose_answer_it_got() {
    ran(sharing(1));

    assertThat(answered(chat().tenant("other-" + tenant).job(), sharing(1)).cached())
        .contains(new Cached(Cached.How.HIT, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void a_long_text_comes_whole_in_small_pieces(int shift) {
    String text = "x".repeat(shift) + "aé漢😀\\\"/\n".repeat(9_000);
    ran(sharing(shift), saying(text));
    Job job = chat().job();

    assertThat(answered(job, sharing(shift)).ending().orElseThrow().output().text())
        .isEqualTo(text);

    List<String> pieces =
        happened(job).stream()
            .filter(JobEvent.Token.class::isInstance)
            .map(event -> ((JobEvent.Token) event).text())
            .toList();
    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).allMatch(piece -> piece.length() <= 16 * 1024).hasSizeGreaterThan(3);
  }

  @Test
  void probabilities_come_with_the_first_piece_digit_for_digit() {
    String logprobs =
        "[{\"token\":\",\\\"logprobs\\\":[\",\"logprob\":-0.12345678901234567,\"top_logprobs\":[]}]";
    ran(
        sharing(1),
        new Ending.Completed(
            new Output("a".repeat(20_000), Optional.empty(), List.of(), Optional.of(logprobs)),
            USAGE));
    ran(
        sharing(2),
        new Ending.Completed(
            new Output("", Optional.empty(), List.of(), Optional.of(logprobs)), USAGE));
    Job job = chat().job();
    Job mute = chat().job();
    answered(job, sharing(1));
    answered(mute, sharing(2));

    List<JobEvent> tokens =
        happened(job).stream().filter(JobEvent.Token.class::isInstance).toList();
    assertThat(((JobEvent.Token) tokens.getFirst()).logprobs()).contains(logprobs);
    assertThat(tokens.subList(1, tokens.size()))
        .isNotEmpty()
        .allMatch(token -> ((JobEvent.Token) token).logprobs().isEmpty());
    assertThat(happened(mute)).contains(new JobEvent.Token("", Optional.of(logprobs)));
  }

  // --- what is kept

  @Test
  void only_what_completed_is_kept() {
    ran(sharing(1), new Ending.Incomplete(COMPLETED.output(), USAGE));
    ran(sharing(2), new Ending.Failed(BROKEN, COMPLETED.output(), USAGE));
    Job cancelled = accepted(sharing(3));
    Lease lease = leased(cancelled);
    await(it.store().cancel(cancelled.id()));
    finish(lease, COMPLETED);

    assertThat(state(cancelled)).isEqualTo(JobState.CANCELLED);
    assertThat(await(it.answers().size())).isEqualTo(new AnswerCache.Size(0, 0));
  }

  @Test
  void so_many_answers_are_kept_and_the_oldest_goes_first() {
    Sharing.Terms two = new Sharing.Terms(Duration.ofHours(1), 2, 1_000_000);
    for (int key = 1; key <= 3; key++) {
      ran(sharing(key, two));
      it.letPass(now().plusMillis(2));
    }

    assertThat(await(it.answers().size()).entries()).isEqualTo(2);
    assertThat(List.of(isKnown(sharing(1)), isKnown(sharing(2)), isKnown(sharing(3))))
        .containsExactly(false, true, true);
  }

  @Test
  void so_many_bytes_of_answers_are_kept() {
    Sharing.Terms small = new Sharing.Terms(Duration.ofHours(1), 1_000, 25_000);
    for (int key = 1; key <= 4; key++) {
      ran(sharing(key, small), saying("x".repeat(10_000)));
      it.letPass(now().plusMillis(2));
      assertThat(await(it.answers().size()).bytes()).isBetween(10_000L, 25_000L);
    }

    assertThat(List.of(isKnown(sharing(2)), isKnown(sharing(3)), isKnown(sharing(4))))
        .containsExactly(false, true, true);
    ran(new Sharing(sharing(4).key(), Duration.ZERO, small), saying("y".repeat(5_000)));
    assertThat(await(it.answers().size()).bytes()).isBetween(15_000L, 20_000L);
  }

  @Test
  void an_answer_that_is_too_large_is_not_kept() {
    ran(sharing(1), saying("x".repeat(Sharing.ANSWER_BYTES_MAX)));
    ran(sharing(2, new Sharing.Terms(Duration.ofHours(1), 10, 500)), saying("x".repeat(500)));

    assertThat(await(it.answers().size())).isEqualTo(new AnswerCache.Size(0, 0));
  }

  @Test
  void answers_are_forgotten_by_tenant_or_all() {
    ran(sharing(1));
    Job other = accepted(chat().tenant("other-" + tenant), sharing(2));
    finish(leased(other), COMPLETED);

    assertThat(await(it.answers().forget(Optional.of(tenant)))).isOne();
    assertThat(List.of(isKnown(sharing(1)), isKnown(sharing(2)))).containsExactly(false, true);
    assertThat(await(it.answers().forget(Optional.empty()))).isOne();
    assertThat(await(it.answers().size())).isEqualTo(new AnswerCache.Size(0, 0));
  }

  // --- joining

  @Test
  void a_job_waits_for_an_identical_one_that_runs_and_completes_with_it() {
    Job leader = accepted(sharing(1));
    Job follower = accepted(sharing(1));
    Lease lease = leased(leader);

    assertThat(claim(follower, "worker-2"))
        .isInstanceOfSatisfying(
            Claim.NotYet.class, wait -> assertThat(wait.notBefore()).isAfter(now()));
    assertThat(state(follower)).isEqualTo(JobState.QUEUED);
    finish(lease, COMPLETED);

    assertJoined(follower, leader);
    assertThat(claim(follower, "worker-2")).isEqualTo(new Claim.Over(JobState.COMPLETED));
    assertThat(happened(follower)).startsWith(new JobEvent.Start(0), new JobEvent.Thinking("hm"));
  }

  @Test
  void those_that_were_not_claimed_yet_complete_with_it_too_and_a_sweep_tells_each_once() {
    Job leader = accepted(sharing(1));
    List<Job> followers = List.of(accepted(sharing(1)), accepted(sharing(1)));
    finish(leased(leader), COMPLETED);

    followers.forEach(follower -> assertJoined(follower, leader));
    assertThat(await(it.store().sweep(100)))
        .containsExactlyInAnyOrder(
            new JobStore.Ended(followers.get(0).id(), JobState.COMPLETED, USAGE.tokens()),
            new JobStore.Ended(followers.get(1).id(), JobState.COMPLETED, USAGE.tokens()));
    assertThat(await(it.store().sweep(100))).isEmpty();
  }

  @Test
  void a_joined_job_is_charged_no_tokens_and_leaves_its_place() {
    Limits limits = new Limits(Map.of(Limit.TENANT_TOKENS_PER_MINUTE, 10_000L), Set.of());
    Job leader = accepted(sharing(1));
    Job follower = chat().job();
    admit(follower, sharing(1), limits);
    await(it.admission().published(List.of(follower.id())));
    finish(leased(leader), COMPLETED);

    assertThat(remaining(admit(chat().job(), sharing(1), limits)))
        .containsEntry(Limit.TENANT_TOKENS_PER_MINUTE, 10_000L);
    IntStream.range(0, 3).forEach(i -> accepted());
  }

  @Test
  void a_job_whose_message_is_not_confirmed_is_answered_when_it_is_claimed() {
    Job leader = accepted(sharing(1));
    Job unpublished = chat().job();
    admit(unpublished, sharing(1));
    finish(leased(leader), COMPLETED);
    assertThat(state(unpublished)).isEqualTo(JobState.QUEUED);

    assertThat(claim(unpublished, "worker-2")).isEqualTo(new Claim.Over(JobState.COMPLETED));

    assertJoined(unpublished, leader);
    assertThat(await(it.store().sweep(100))).hasSize(1);
  }

  @Test
  void a_job_whose_charge_was_given_back_pays_its_request_when_it_is_answered_after_all() {
    Limits limits =
        new Limits(
            Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 9L, Limit.TENANT_TOKENS_PER_MINUTE, 10_000L),
            Set.of());
    Job leader = accepted(sharing(1));
    Job unpublished = chat().job();
    admit(unpublished, sharing(1), limits);
    assertThat(await(it.admission().refundUnpublished(Duration.ZERO, 10))).isOne();
    finish(leased(leader), COMPLETED);
    assertThat(claim(unpublished, "worker-2")).isEqualTo(new Claim.Over(JobState.COMPLETED));

    assertThat(remaining(admit(chat().job(), sharing(1), limits)))
        .containsEntry(Limit.TENANT_REQUESTS_PER_MINUTE, 7L)
        .containsEntry(Limit.TENANT_TOKENS_PER_MINUTE, 10_000L);
  }

  @Test
  void when_the_one_that_runs_fails_the_others_run_each_for_itself() {
    Job leader = accepted(sharing(1));
    List<Job> followers = List.of(accepted(sharing(1)), accepted(sharing(1)));
    Lease lease = leased(leader);
    assertThat(claim(followers.get(0), "worker-2")).isInstanceOf(Claim.NotYet.class);
    finish(lease, new Ending.Failed(BROKEN, Output.NONE, USAGE));

    followers.forEach(follower -> assertThat(state(follower)).isEqualTo(JobState.QUEUED));
    followers.forEach(follower -> granted(follower, "worker-2"));
  }

  @Test
  void when_the_one_that_runs_is_cancelled_another_takes_its_part() {
    Job leader = accepted(sharing(1));
    Job second = accepted(sharing(1));
    Job third = accepted(sharing(1));
    Lease lease = leased(leader);
    await(it.store().cancel(leader.id()));
    finish(lease, new Ending.Cancelled(Optional.empty(), COMPLETED.output(), USAGE));

    assertThat(state(second)).isEqualTo(JobState.QUEUED);
    Lease next = granted(second, "worker-2").lease();
    assertThat(claim(third, "worker-3")).isInstanceOf(Claim.NotYet.class);
    finish(next, COMPLETED);

    assertJoined(third, second);
    assertEnded(leader, JobState.CANCELLED);
  }

  @Test
  void nobody_waits_for_one_that_is_being_cancelled() {
    Job leader = accepted(sharing(1));
    Job follower = accepted(sharing(1));
    leased(leader);
    await(it.store().cancel(leader.id()));

    granted(follower, "worker-2");
  }

  @Test
  void when_its_worker_is_lost_another_takes_its_part_and_the_first_gets_that_answer() {
    Job leader = accepted(sharing(1));
    Job follower = accepted(sharing(1));
    Lease lost = leased(leader);
    it.letLeaseEnd(leader.id());

    Lease next = granted(follower, "worker-2").lease();
    assertThat(finish(next, COMPLETED)).isEqualTo(Leases.Settled.WRITTEN);

    assertThat(claim(leader, "worker-3")).isEqualTo(new Claim.Over(JobState.COMPLETED));
    assertJoined(leader, follower);
    assertThat(happened(leader))
        .containsSubsequence(new JobEvent.Start(1), new JobEvent.Reset(1, "answered"));
    assertThat(finish(lost, COMPLETED)).isEqualTo(Leases.Settled.FENCED);
  }

  @Test
  void a_job_that_ran_before_waits_for_nobody() {
    Job leader = accepted(sharing(1));
    Job follower = accepted(sharing(1));
    Lease first = leased(leader);
    await(it.leases().requeue(first, now(), BUSY));
    it.letPass(now());

    granted(follower, "worker-2");
    granted(leader, "worker-3");
  }

  @Test
  void a_follower_that_is_cancelled_stays_so_and_its_leader_goes_on() {
    Job leader = accepted(sharing(1));
    Job follower = accepted(sharing(1));
    Lease lease = leased(leader);
    claim(follower, "worker-2");

    assertThat(await(it.store().cancel(follower.id())))
        .isInstanceOf(JobStore.Cancellation.Cancelled.class);

    assertThat(finish(lease, COMPLETED)).isEqualTo(Leases.Settled.WRITTEN);
    assertEnded(follower, JobState.CANCELLED);
    assertEnded(leader, JobState.COMPLETED);
  }

  @Test
  void shortly_before_its_deadline_a_job_waits_for_nobody() {
    Instant soon = now().plus(Sharing.LAST_CALL).minusMillis(1);
    Job leader = accepted(sharing(1));
    Job follower = accepted(chat().startBy(soon), sharing(1));
    leased(leader);

    granted(follower, "worker-2");
  }

  @Test
  void a_wait_ends_shortly_before_the_deadline() {
    Instant soon = now().plus(Sharing.LAST_CALL).plusMillis(1_500);
    Job leader = accepted(sharing(1));
    Job follower = accepted(chat().startBy(soon), sharing(1));
    leased(leader);

    assertThat(claim(follower, "worker-2"))
        .isEqualTo(new Claim.NotYet(soon.minus(Sharing.LAST_CALL)));
  }

  @Test
  void a_job_that_runs_anew_waits_for_nobody_and_is_not_answered() {
    Job leader = accepted(sharing(1));
    Job anew = accepted(fresh(1));
    Lease lease = leased(leader);
    Lease own = granted(anew, "worker-2").lease();
    finish(lease, COMPLETED);

    assertThat(state(anew)).isEqualTo(JobState.IN_PROGRESS);
    finish(own, saying("anew"));
    assertThat(record(anew).cached()).isEmpty();
    assertThat(answered(chat().job(), sharing(1)).ending()).contains(saying("anew"));
  }

  @Test
  void the_history_says_for_whom_it_waited_and_whose_answer_it_got() {
    Job leader = accepted(sharing(1));
    Job follower = accepted(sharing(1));
    Lease lease = leased(leader);
    claim(follower, "worker-2");
    claim(follower, "worker-2");
    finish(lease, COMPLETED);

    List<Step> steps = await(it.history().steps(follower.id(), Optional.empty()));
    assertThat(steps)
        .filteredOn(Step.Joined.class::isInstance)
        .singleElement()
        .satisfies(step -> assertThat(((Step.Joined) step).source()).contains(leader.id()));
    assertThat(steps)
        .filteredOn(Step.Answered.class::isInstance)
        .singleElement()
        .satisfies(
            step ->
                assertThat(((Step.Answered) step).cached())
                    .isEqualTo(record(follower).cached().orElseThrow()));
  }

  @Test
  void a_store_that_lost_everything_lets_those_that_waited_run() {
    assumeTrue(it.canLoseItsRecords(), "only a store that can lose its records");
    Job leader = accepted(sharing(1));
    Job follower = accepted(sharing(1));
    leased(leader);
    assertThat(claim(follower, "worker-2")).isInstanceOf(Claim.NotYet.class);
    it.loseEverything();

    granted(follower, "worker-2");
    assertThat(await(it.answers().size())).isEqualTo(new AnswerCache.Size(0, 0));
  }
}
