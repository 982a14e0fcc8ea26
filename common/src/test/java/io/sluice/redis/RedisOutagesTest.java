package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobEvents.Append;
import io.sluice.JobMessage;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore.Lookup;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.Subscription;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the adapters do when Redis dies, hangs, forgets, or fills up. */
class RedisOutagesTest {
  private RedisFixture it;

  @BeforeEach
  void start() {
    it = RedisFixture.own();
  }

  @AfterEach
  void stop() {
    it.close();
  }

  private Job accepted() {
    Job job = Jobs.chat().job();
    assertThat(await(it.admission().admit(job))).isInstanceOf(Admission.Decision.Admitted.class);
    await(it.admission().published(List.of(job.id())));
    return job;
  }

  private Leases.Claim.Granted granted(Job job, int attempt, boolean continued) {
    return (Leases.Claim.Granted)
        await(
            it.leases()
                .claim(
                    new Leases.Request(
                        new JobMessage(job, attempt),
                        "worker-1",
                        UUID.randomUUID().toString(),
                        continued)));
  }

  private Append append(Leases.Lease lease, long seq, String text) {
    return await(it.events().append(lease, seq, List.of(new JobEvent.Token(text))));
  }

  private Lookup find(Job job) {
    return await(it.store().find(job.id()));
  }

  private static void assertAway(Future<?> future) {
    assertThatThrownBy(() -> await(future))
        .isInstanceOfSatisfying(
            Unavailable.class, away -> assertThat(away.part()).isEqualTo("store"))
        .hasNoCause();
  }

  private void assertBack(Job job) {
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .until(() -> find(job) instanceof Lookup.Found);
  }

  @Test
  void a_wipe_under_a_running_job_is_noticed_by_all_and_the_job_goes_on() {
    Job job = accepted();
    Leases.Lease old = granted(job, 0, false).lease();
    append(old, 1, "before");

    it.flush();

    assertThat(find(job)).isEqualTo(new Lookup.Recovering());
    assertThat(await(it.leases().renew(old))).isEqualTo(Leases.Renewal.GONE);
    assertThat(append(old, 2, "late")).isEqualTo(Append.GONE);
    assertThat(await(it.leases().finish(old, new Ending.Expired()))).isEqualTo(Leases.Settled.GONE);

    Leases.Claim.Granted again = granted(job, 1, true);
    assertThat(again.lease().fence()).isGreaterThan(old.fence());
    assertThat(again.record().attempt()).isOne();
    assertThat(append(again.lease(), 1, "before")).isEqualTo(Append.STORED);
    assertThat(append(old, 2, "late")).isEqualTo(Append.FENCED);
    assertThat(await(it.events().read(job.id(), new Position(old.fence(), 1), 10)))
        .extracting(LoggedEvent::event)
        .containsExactly(new JobEvent.Reset(1, "store_lost"), new JobEvent.Token("before"));
    assertThat(find(job)).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void records_logs_and_places_survive_a_kill() {
    Job job = accepted();
    Leases.Lease lease = granted(job, 0, false).lease();
    append(lease, 1, "a");
    Lookup before = find(job);

    it.server().kill9();
    assertAway(it.store().find(job.id()));
    it.server().restart();

    assertBack(job);
    assertThat(find(job)).isEqualTo(before);
    assertThat(append(lease, 2, "b")).isEqualTo(Append.STORED);
    assertThat(await(it.events().read(job.id(), Position.START, 10))).hasSize(3);
  }

  @Test
  void a_kill_forgets_no_limit_and_doubles_none() {
    Limits limits =
        new Limits(
            Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 10L, Limit.TENANT_TOKENS_PER_DAY, 1L << 40),
            Set.of());
    for (int n = 0; n < 7; n++) {
      await(it.admission().admit(new Admission.Entry(Jobs.chat().job(), limits)));
    }
    it.server().kill9();
    assertAway(it.admission().admit(new Admission.Entry(Jobs.chat().job(), limits)));
    it.server().restart();
    org.awaitility.Awaitility.await()
        .ignoreExceptions()
        .until(() -> await(it.redis.directory().keys()) != null);
    int more = 0;
    while (await(it.admission().admit(new Admission.Entry(Jobs.chat().job(), limits)))
        instanceof Admission.Decision.Admitted) {
      more++;
    }
    // The call that was cut off may have been admitted by a resend: it is one of the ten then.
    assertThat(more).isBetween(2, 3);
  }

  @Test
  void a_frozen_server_fails_every_call_and_what_was_sent_twice_is_done_once() {
    Job known = accepted();
    Job job = Jobs.chat().idempotency("k", "print").job();

    it.server().suspend();
    Future<?> admitted = it.admission().admit(job);
    List<Future<Lookup>> asked =
        IntStream.range(0, 500).mapToObj(n -> it.store().find(known.id())).toList();
    assertAway(admitted);
    asked.forEach(RedisOutagesTest::assertAway);
    it.server().resume();

    assertBack(known);
    assertThat(await(it.admission().admit(job))).isInstanceOf(Admission.Decision.Admitted.class);
    assertThat(it.lua("return redis.call('SCARD', 'sluice:waiting')")).isEqualTo("2");
  }

  /** Most of these calls need a connection that is not open yet, and cannot be while it lasts. */
  @Test
  void a_pause_of_half_a_second_fails_no_call() {
    Job known = accepted();
    it.server().suspend();
    Future<?> admitted = it.admission().admit(Jobs.chat().job());
    List<Future<Lookup>> asked =
        IntStream.range(0, 60).mapToObj(n -> it.store().find(known.id())).toList();
    CompletableFuture.runAsync(
            it.server()::resume,
            CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS, Runnable::run))
        .join();
    assertThat(await(admitted)).isInstanceOf(Admission.Decision.Admitted.class);
    assertThat(asked).allMatch(answer -> await(answer) instanceof Lookup.Found);
    assertThat(it.lua("return redis.call('SCARD', 'sluice:waiting')")).isEqualTo("2");
  }

  @Test
  void scripts_that_the_server_forgot_are_sent_again() {
    Job job = accepted();
    TestCommands.send(it.server().port(), "SCRIPT FLUSH");
    assertThat(find(job)).isInstanceOf(Lookup.Found.class);
    it.server().restart();
    assertBack(job);
    assertThat(granted(job, 0, false).record().state()).isEqualTo(JobState.IN_PROGRESS);
  }

  @Test
  void a_server_that_comes_late_is_found() {
    Job job = accepted();
    it.server().kill9();
    try (Redis late = Redis.connect(it.server().uri(), Admission.Bounds.DEFAULT)) {
      assertAway(late.store().find(job.id()));
      assertAway(late.healthChecks().getFirst().check());
      Semaphore woken = new Semaphore(0);
      try (Subscription watching = late.events().watch(job.id(), woken::release)) {
        it.server().restart();
        await()
            .atMost(Duration.ofSeconds(20))
            .ignoreExceptionsInstanceOf(Unavailable.class)
            .until(() -> await(late.store().find(job.id())) instanceof Lookup.Found);
        await().atMost(Duration.ofSeconds(20)).until(woken::tryAcquire);
        assertThat(watching).isNotNull();
      }
    }
  }

  @Test
  void watchers_wake_although_their_connections_were_cut() {
    Job job = accepted();
    Leases.Lease lease = granted(job, 0, false).lease();
    Semaphore woken = new Semaphore(0);
    try (Subscription watching = it.events().watch(job.id(), woken::release)) {
      assertThat(watching).isNotNull();
      await().atMost(Duration.ofSeconds(10)).until(woken::tryAcquire);
      for (int n = 1; n <= 3; n++) {
        TestCommands.send(it.server().port(), "CLIENT KILL TYPE pubsub");
        woken.drainPermits();
        append(lease, n, "t");
        await().atMost(Duration.ofSeconds(10)).until(woken::tryAcquire);
      }
    }
  }

  @Test
  void a_wake_up_that_never_came_is_made_up_for() {
    Job job = accepted();
    Leases.Lease lease = granted(job, 0, false).lease();
    Semaphore woken = new Semaphore(0);
    try (Subscription watching = it.events().watch(job.id(), woken::release)) {
      assertThat(watching).isNotNull();
      await().atMost(Duration.ofSeconds(10)).until(woken::tryAcquire);
      // The first sweep wakes once more; after it only what moves does.
      await()
          .during(Duration.ofMillis(2500))
          .atMost(Duration.ofSeconds(20))
          .until(() -> !woken.tryAcquire());

      it.lua(
          "return redis.call('XADD', 'sluice:log:' .. ARGV[1], ARGV[2], 'type', 'token', 'data', '{}')",
          job.id().value(),
          lease.fence() + "-1");

      await().atMost(Duration.ofSeconds(10)).until(woken::tryAcquire);
    }
  }

  @Test
  void a_full_server_refuses_and_nothing_is_half_done() {
    Job running = accepted();
    Leases.Lease lease = granted(running, 0, false).lease();
    TestCommands.send(it.server().port(), "CONFIG SET maxmemory 1");

    assertAway(it.admission().admit(Jobs.chat().job()));
    assertAway(it.events().append(lease, 1, List.of(new JobEvent.Token("a"))));

    TestCommands.send(it.server().port(), "CONFIG SET maxmemory 0");
    assertThat(it.lua("return redis.call('SCARD', 'sluice:waiting')")).isEqualTo("0");
    assertThat(append(lease, 1, "a")).isEqualTo(Append.STORED);
    assertThat(await(it.events().read(running.id(), Position.START, 10))).hasSize(2);
  }

  @Test
  void a_server_that_would_lose_jobs_is_not_healthy() {
    assertThat(await(it.redis.healthChecks().getFirst().check())).isNull();

    TestCommands.send(it.server().port(), "CONFIG SET maxmemory-policy allkeys-lru");
    TestCommands.send(it.server().port(), "CONFIG SET appendonly no");

    assertThatThrownBy(() -> await(it.redis.healthChecks().getFirst().check()))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("appendonly yes")
        .hasMessageContaining("noeviction");
  }

  @Test
  void keys_that_were_used_outlive_a_wipe_and_stay_revoked() {
    ApiKey good = key("good");
    ApiKey bad = key("bad");
    for (ApiKey key : List.of(good, bad)) {
      await(it.redis.directory().add(key));
    }
    await(it.redis.directory().revoke(bad.id(), bad.createdAt()));
    assertThat(await(it.redis.directory().key(good.id()))).contains(good);
    assertThat(await(it.redis.directory().key(bad.id()))).flatMap(ApiKey::revokedAt).isPresent();

    it.flush();

    assertThat(await(it.redis.directory().key(good.id()))).contains(good);
    assertThat(await(it.redis.directory().key(bad.id()))).flatMap(ApiKey::revokedAt).isPresent();
    assertThat(await(it.redis.directory().keys())).hasSize(2);
  }

  private static ApiKey key(String id) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return ApiKey.of(id, "default", "00", Set.of("admin"), now);
  }

  @Test
  void a_closed_adapter_says_so() {
    it.redis.close();
    it.redis.close();
    assertAway(it.store().find(Jobs.chat().job().id()));
  }

  @Test
  void a_record_is_the_same_after_it_was_restored_from_its_message() {
    Job job = accepted();
    it.flush();
    await(it.recovery().restore(new JobMessage(job, 0)));
    JobRecord record = ((Lookup.Found) find(job)).record();
    assertThat(record.job()).isEqualTo(job);
    assertThat(it.lua("return redis.call('SCARD', 'sluice:waiting')")).isEqualTo("1");
  }
}
