package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobEvent;
import io.sluice.JobMessage;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.JobStore.Lookup;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.Lines;
import io.sluice.Output;
import io.sluice.Position;
import io.sluice.Usage;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the scripts keep beyond the contracts: nothing leaks, and late copies do no harm. */
class RedisScriptsTest {
  private static final Ending DONE = new Ending.Completed(Output.NONE, Usage.NONE);
  private static final Failure BUSY = new Failure(FailureCode.ENGINE_BUSY, "busy");
  private static final String UNOWNED_WITHOUT_END =
      """
      local owned = {['sluice:epoch'] = 1, ['sluice:life'] = 1, ['sluice:due'] = 1, ['sluice:waiting'] = 1, ['sluice:unpublished'] = 1,
        ['sluice:tenant:default'] = 1, ['sluice:waiting:default'] = 1,
        ['sluice:waiting_tokens:default'] = 1, ['sluice:running:default'] = 1}
      local found = {}
      for _, key in ipairs(redis.call('KEYS', '*')) do
        local job = string.match(key, '^sluice:job:(.*)$')
        local due = job and redis.call('ZSCORE', 'sluice:due', job)
        if not owned[key] and not due and redis.call('PTTL', key) < 0 then found[#found + 1] = key end
      end
      return table.concat(found, ' ')""";

  private RedisFixture it;

  @BeforeEach
  void open() {
    it = RedisFixture.open(new Admission.Bounds(100_000, 100_000));
  }

  @AfterEach
  void close() {
    it.close();
  }

  private Job accepted() {
    Job job = Jobs.chat().idempotency(UUID.randomUUID().toString(), "print").job();
    await(it.admission().admit(job));
    await(it.admission().published(List.of(job.id())));
    return job;
  }

  private static Leases.Request request(Job job) {
    return new Leases.Request(
        new JobMessage(job, 0), "worker", UUID.randomUUID().toString(), false);
  }

  private Leases.Lease leased(Job job) {
    return ((Leases.Claim.Granted) await(it.leases().claim(request(job)))).lease();
  }

  @Test
  void a_late_copy_of_a_claim_is_not_granted_after_the_job_was_given_up() {
    Job job = accepted();
    Leases.Request request = request(job);
    Leases.Lease lease = ((Leases.Claim.Granted) await(it.leases().claim(request))).lease();
    await(it.leases().requeue(lease, Instant.EPOCH, BUSY));

    assertThat(await(it.leases().claim(request))).isInstanceOf(Leases.Claim.NotYet.class);
    assertThat(await(it.leases().claim(request(job)))).isInstanceOf(Leases.Claim.Granted.class);
  }

  @Test
  void a_late_copy_of_a_requeue_leaves_the_next_holder_alone() {
    Job job = accepted();
    Leases.Lease first = leased(job);
    await(it.leases().requeue(first, Instant.EPOCH, BUSY));
    Leases.Lease second = leased(job);

    assertThat(await(it.leases().requeue(first, Instant.EPOCH, BUSY)))
        .isEqualTo(Leases.Settled.WRITTEN);
    assertThat(await(it.leases().renew(second))).isEqualTo(Leases.Renewal.RENEWED);
  }

  @Test
  void a_late_copy_of_an_append_is_stored_once() {
    Job job = accepted();
    Leases.Lease lease = leased(job);
    List<JobEvent> early = List.of(new JobEvent.Token("a"), new JobEvent.Token("b"));
    await(it.events().append(lease, 1, early));
    await(it.events().append(lease, 3, List.of(new JobEvent.Token("c"))));
    await(it.events().append(lease, 1, early));

    assertThat(await(it.events().read(job.id(), Position.START, 10))).hasSize(4);
  }

  @Test
  void every_key_has_an_end_or_an_owner() {
    for (int n = 0; n < 5; n++) {
      Job job = accepted();
      Leases.Lease lease = leased(job);
      await(it.events().append(lease, 1, List.of(new JobEvent.Token("a"))));
      await(it.leases().finish(lease, DONE));
    }
    await(it.store().cancel(accepted().id()));
    leased(accepted());
    leased(Jobs.chat().idempotency("adopted", "print").job());

    assertThat(it.lua(UNOWNED_WITHOUT_END)).isEmpty();
    assertThat(it.lua("return redis.call('SCARD', 'sluice:waiting')")).isEqualTo("0");
    assertThat(it.lua("return redis.call('ZCARD', 'sluice:due')")).isEqualTo("2");
  }

  /** Or what it waits in would count it for ever, where everything was off for days. */
  @Test
  void no_record_goes_by_itself_before_its_job_has_ended() {
    Job waiting = accepted();
    Job running = accepted();
    Leases.Lease lease = leased(running);
    Job adopted = Jobs.chat().idempotency("adopted", "print").job();
    leased(adopted);
    for (Job job : List.of(waiting, running, adopted)) {
      assertThat(timeToLive(job)).as("no end").isEqualTo(-1);
    }
    await(it.store().cancel(waiting.id()));
    await(it.leases().finish(lease, DONE));
    assertThat(timeToLive(waiting)).isPositive();
    assertThat(timeToLive(running)).isPositive();
  }

  private long timeToLive(Job job) {
    return Long.parseLong(
        it.lua("return redis.call('PTTL', ARGV[1])", "sluice:job:" + job.id().value()));
  }

  @Test
  void jobs_that_nobody_swept_for_days_end_before_they_are_forgotten() {
    List<Job> jobs = List.of(accepted(), accepted(), accepted());
    Scripts afterDays = it.at(() -> it.now().plus(Duration.ofDays(9)));
    for (int round = 0; round < 3; round++) {
      await(afterDays.call(Script.SWEEP, 1));
    }
    for (Job job : jobs) {
      JobStore.Lookup found = await(it.store().find(job.id(), Optional.empty()));
      assertThat(((JobStore.Lookup.Found) found).record().state()).isEqualTo(JobState.EXPIRED);
    }
    Lines.Line line = await(it.backlog().look(Jobs.POOL)).of(JobClass.INTERACTIVE);
    assertThat(line.lanes()).allMatch(lane -> lane.waiting().equals(Lines.Amount.NONE));
    assertThat(line.leases()).isEmpty();
  }

  @Test
  void an_undone_admission_leaves_nothing_but_counters_of_its_lane_that_end() {
    Job job = Jobs.chat().idempotency("k", "print").job();
    String lane = job.pool() + "/interactive";
    List<String> counters =
        List.of("sluice:numbers:" + lane, "sluice:queues:" + lane, "sluice:pace:" + job.pool());
    counters.forEach(key -> it.lua("return redis.call('DEL', ARGV[1])", key));
    String before = it.lua("return table.concat(redis.call('KEYS', '*'), ' ')");
    await(it.admission().admit(job));
    await(it.admission().undo(job.id()));

    for (String key : counters) {
      assertThat(Long.parseLong(it.lua("return redis.call('PTTL', ARGV[1])", key))).isPositive();
      it.lua("return redis.call('DEL', ARGV[1])", key);
    }
    assertThat(it.lua("return table.concat(redis.call('KEYS', '*'), ' ')")).isEqualTo(before);
  }

  @Test
  void a_tenant_with_colons_in_its_name_shares_no_key_with_another() {
    Job one = Jobs.chat().tenant("a").idempotency("b:c", "print").job();
    Job other = Jobs.chat().tenant("a:b").idempotency("c", "print").job();
    assertThat(await(it.admission().admit(one))).isInstanceOf(Admission.Decision.Admitted.class);
    assertThat(await(it.admission().admit(other))).isInstanceOf(Admission.Decision.Admitted.class);
  }

  @Test
  void a_large_job_and_output_go_through() {
    Job job = accepted();
    Leases.Lease lease = leased(job);
    String text = "\u00e4\"\\\n]==]".repeat(300_000);
    await(
        it.leases()
            .finish(
                lease,
                new Ending.Completed(
                    new Output(text, java.util.Optional.empty(), List.of()), new Usage(1, 2))));
    Lookup found = await(it.store().find(job.id()));
    assertThat(((Lookup.Found) found).record().ending().orElseThrow().output().text())
        .isEqualTo(text);
  }

  /** Every call in a random order and at once; the seed is printed by the failing assertion. */
  @Test
  void whatever_happens_at_once_there_is_one_end() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Job job = accepted();
      List<Leases.Lease> leases = new ArrayList<>();
      if (random.nextBoolean()) {
        leases.add(leased(job));
      }
      List<Future<?>> under = new ArrayList<>();
      for (int n = 0; n < 12; n++) {
        under.add(anything(job, leases, random));
        if (random.nextInt(3) == 0) {
          under.forEach(RedisScriptsTest::settled);
        }
      }
      under.forEach(RedisScriptsTest::settled);
      await(it.store().end(job.id(), new Ending.Failed(BUSY, Output.NONE, Usage.NONE)));
      assertOneEnd(seed, job);
    }
  }

  private Future<?> anything(Job job, List<Leases.Lease> leases, Random random) {
    if (!leases.isEmpty() && random.nextBoolean()) {
      Leases.Lease lease = leases.get(random.nextInt(leases.size()));
      return switch (random.nextInt(4)) {
        case 0 -> it.leases().finish(lease, DONE);
        case 1 -> it.leases().requeue(lease, Instant.EPOCH, BUSY);
        case 2 -> it.leases().renew(lease);
        default -> it.events().append(lease, 1, List.of(new JobEvent.Token("t")));
      };
    }
    return switch (random.nextInt(8)) {
      case 0 -> it.store().cancel(job.id());
      case 1 -> it.store().end(job.id(), new Ending.Failed(BUSY, Output.NONE, Usage.NONE));
      case 2 -> it.store().sweep(10);
      case 3 -> it.admission().published(List.of(job.id()));
      case 4 -> it.recovery().restore(new JobMessage(job, 0));
      default ->
          it.leases()
              .claim(request(job))
              .onSuccess(
                  claim -> {
                    if (claim instanceof Leases.Claim.Granted granted) {
                      synchronized (leases) {
                        leases.add(granted.lease());
                      }
                    }
                  });
    };
  }

  private static void settled(Future<?> future) {
    await(future.mapEmpty());
  }

  private void assertOneEnd(int seed, Job job) {
    JobState state = ((Lookup.Found) await(it.store().find(job.id()))).record().state();
    assertThat(state.isTerminal()).as("seed %s", seed).isTrue();
    List<JobEvent> events =
        await(it.events().read(job.id(), Position.START, 100)).stream()
            .map(event -> event.event())
            .toList();
    assertThat(events).as("seed %s", seed).last().isEqualTo(new JobEvent.End(state));
    assertThat(events).as("seed %s", seed).filteredOn(JobEvent.End.class::isInstance).hasSize(1);
  }
}
