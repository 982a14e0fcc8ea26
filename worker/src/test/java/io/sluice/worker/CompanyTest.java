package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Who answers for an engine that is lost under several. */
class CompanyTest {
  private static final Pool POOL = Pool.parse("qwen3:14b");
  private static final Pool OTHER = Pool.parse("smollm2:135m");
  private static final Failure HANG = new Failure(FailureCode.TOKEN_TIMEOUT, "silence");
  private static final Failure CRASH = new Failure(FailureCode.ENGINE_CRASHED, "it died");

  private final Company company = new Company();
  private final List<String> stopped = new ArrayList<>();

  private Company.Member join(String name) {
    return company.join(POOL, Standing.PLAIN, () -> stopped.add(name), () -> true);
  }

  private Company.Member suspect(String name) {
    return company.join(POOL, Standing.SUSPECT, () -> stopped.add(name), () -> true);
  }

  @Test
  void of_all_that_hang_the_first_one_answers_and_the_others_are_stopped() {
    Company.Member first = join("first");
    Company.Member second = join("second");
    Company.Member third = join("third");
    assertThat(first.reports(HANG)).isTrue();
    assertThat(fails(first, HANG)).isEqualTo(HANG);
    assertThat(stopped).containsExactlyInAnyOrder("second", "third");
    assertThat(fails(second, HANG).code()).isEqualTo(FailureCode.ENGINE_LOST);
    assertThat(third.charge()).isEmpty();
  }

  @Test
  void who_is_silent_while_others_are_answered_answers_for_it_alone() {
    Company.Member silent = join("silent");
    Company.Member speaks = join("speaks");
    passes(Duration.ofMillis(50));
    speaks.heard();
    assertThat(silent.reports(HANG)).isFalse();
    assertThat(fails(silent, HANG)).isEqualTo(HANG);
    assertThat(stopped).isEmpty();
    assertThat(speaks.isStruck()).isFalse();
  }

  @Test
  void a_piece_from_before_the_silence_is_no_sign_of_life() {
    Company.Member early = join("early");
    early.heard();
    Company.Member late = join("late");
    passes(Duration.ofMillis(50));
    assertThat(late.reports(HANG)).isTrue();
  }

  @Test
  void one_that_hangs_alone_says_nothing_of_the_engine() {
    assertThat(join("one").reports(HANG)).isFalse();
    company.join(OTHER, Standing.PLAIN, () -> stopped.add("other"), () -> true);
    assertThat(fails(join("one"), HANG)).isEqualTo(HANG);
    assertThat(stopped).doesNotContain("other");
  }

  @Test
  void a_suspect_answers_for_the_engine_that_hangs_under_it_and_others() {
    Company.Member fresh = join("fresh");
    Company.Member suspect = suspect("suspect");
    assertThat(fails(fresh, HANG).code()).isEqualTo(FailureCode.ENGINE_LOST);
    assertThat(stopped).containsExactly("suspect");
    assertThat(suspect.charge()).contains(HANG);
  }

  @Test
  void a_suspect_answers_for_the_hang_even_if_its_model_is_unloaded_before_it_is_stopped() {
    Company.Member fresh = join("fresh");
    Company.Member suspect = suspect("suspect");
    assertThat(fresh.reports(HANG)).isTrue();
    company.stopAll(POOL, CRASH);
    assertThat(fresh.failed(HANG).code()).isEqualTo(FailureCode.ENGINE_LOST);
    assertThat(suspect.charge()).contains(HANG);
  }

  @Test
  void an_engine_that_died_under_several_costs_one_of_them() {
    List<Company.Member> all = List.of(join("a"), join("b"), join("c"));
    List<FailureCode> judged = all.stream().map(each -> fails(each, CRASH).code()).toList();
    assertThat(judged)
        .containsExactly(
            FailureCode.ENGINE_CRASHED, FailureCode.ENGINE_LOST, FailureCode.ENGINE_LOST);
    assertThat(stopped).isEmpty();
  }

  @Test
  void a_suspect_answers_for_an_engine_that_died_even_if_another_tells_it_first() throws Exception {
    Company.Member fresh = join("fresh");
    Company.Member suspect = suspect("suspect");
    var told = CompletableFuture.supplyAsync(() -> fails(fresh, CRASH));
    while (!suspect.isStruck()) {
      Thread.onSpinWait();
    }
    assertThat(fails(suspect, CRASH)).isEqualTo(CRASH);
    assertThat(told.get(20, TimeUnit.SECONDS).code()).isEqualTo(FailureCode.ENGINE_LOST);
  }

  @Test
  void a_suspect_that_lives_on_beside_one_that_died_has_nothing_to_answer_for() {
    Company.Member fresh = join("fresh");
    Company.Member suspect = suspect("suspect");
    assertThat(fails(fresh, CRASH)).isEqualTo(CRASH);
    assertThat(suspect.charge()).isEmpty();
  }

  @Test
  void who_is_answered_after_the_engine_was_lost_answers_for_itself_again() {
    Company.Member dies = join("dies");
    Company.Member lives = join("lives");
    fails(dies, CRASH);
    assertThat(lives.isStruck()).isTrue();
    passes(Duration.ofMillis(250));
    lives.heard();
    assertThat(lives.isStruck()).isFalse();
    assertThat(fails(lives, CRASH)).isEqualTo(CRASH);
  }

  @Test
  void who_is_just_being_judged_is_not_stopped_with_the_rest() {
    Company.Member judged = join("judged");
    Company.Member rest = join("rest");
    assertThat(judged.reports(HANG)).isTrue();
    company.stopAll(POOL, HANG);
    assertThat(stopped).containsExactly("rest");
    assertThat(judged.failed(HANG)).isEqualTo(HANG);
    assertThat(rest.charge()).isEmpty();
  }

  @Test
  void who_fails_where_the_pool_is_out_of_rotation_already_has_nothing_to_answer_for() {
    assertThat(join("late").followed(CRASH).code()).isEqualTo(FailureCode.ENGINE_LOST);
    assertThat(suspect("suspect").followed(CRASH)).isEqualTo(CRASH);
  }

  @Test
  void a_model_is_shared_by_pools_of_different_contexts() {
    assertThat(company.shares(POOL)).isFalse();
    Company.Member wide =
        company.join(Pool.parse("qwen3:14b@16k"), Standing.PLAIN, () -> {}, () -> true);
    assertThat(company.shares(POOL)).isTrue();
    assertThat(company.shares(OTHER)).isFalse();
    wide.close();
    assertThat(company.shares(POOL)).isFalse();
  }

  /** As an attempt does it. */
  private static Failure fails(Company.Member member, Failure why) {
    member.reports(why);
    return member.failed(why);
  }

  private static void passes(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void who_is_on_its_last_chance_waits_for_the_others_and_those_that_come_later_wait_for_it()
      throws Exception {
    Company.Member early = join("early");
    CompletableFuture<Company.Member> last =
        CompletableFuture.supplyAsync(() -> joinLast(() -> true));
    CompletableFuture<Company.Member> late = new CompletableFuture<>();
    // Its wait has begun when somebody else has to wait too.
    joinUntilBlocked(late);
    assertThat(last).isNotDone();
    early.close();
    Company.Member alone = last.get(10, TimeUnit.SECONDS);
    assertThat(late).isNotDone();
    assertThat(fails(alone, HANG)).isEqualTo(HANG);
    alone.close();
    late.get(10, TimeUnit.SECONDS).close();
  }

  @Test
  void a_wait_for_the_engine_is_given_up_when_it_is_no_longer_worth_it() {
    Company.Member early = join("early");
    Company.Member last = joinLast(() -> false);
    Company.Member late = company.join(POOL, Standing.PLAIN, () -> {}, () -> false);
    last.close();
    late.close();
    early.close();
    join("free again").close();
  }

  private Company.Member joinLast(BooleanSupplier goOn) {
    return company.join(POOL, Standing.LAST_CHANCE, () -> {}, goOn);
  }

  /** Others come and go, until one has to wait for the one on its last chance. */
  private void joinUntilBlocked(CompletableFuture<Company.Member> late) throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(
            () -> {
              while (waits.getCount() > 0) {
                company.join(POOL, Standing.PLAIN, () -> {}, () -> countsDown(waits)).close();
              }
              late.complete(join("late"));
            });
    assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static boolean countsDown(CountDownLatch latch) {
    latch.countDown();
    return false;
  }
}
