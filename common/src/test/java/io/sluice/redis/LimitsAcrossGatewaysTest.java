package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Admission.Decision;
import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobMessage;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Output;
import io.sluice.Usage;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits under crowds that come in through two gateways at once. */
class LimitsAcrossGatewaysTest {
  private static final int THREADS = 8;
  private static final int TRIES = 60;

  private RedisFixture here;
  private Redis elsewhere;

  @BeforeEach
  void open() {
    here = RedisFixture.open(new Admission.Bounds(100_000, 100_000));
    elsewhere = Redis.connect(here.server().uri(), new Admission.Bounds(100_000, 100_000));
    await(elsewhere.directory().keys());
  }

  @AfterEach
  void close() {
    elsewhere.close();
    here.close();
  }

  private Admission admission(int thread) {
    return thread % 2 == 0 ? here.admission() : elsewhere.admission();
  }

  private void together(Callable<Void>[] work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(work.length)) {
      for (var done : threads.invokeAll(List.of(work))) {
        done.get();
      }
    }
  }

  @SuppressWarnings("unchecked")
  private void crowd(java.util.function.IntConsumer each) throws Exception {
    together(
        IntStream.range(0, THREADS)
            .<Callable<Void>>mapToObj(
                thread ->
                    () -> {
                      each.accept(thread);
                      return null;
                    })
            .toArray(Callable[]::new));
  }

  @Test
  void exactly_as_many_requests_come_in_as_may() throws Exception {
    Limits limits = new Limits(Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 200L), Set.of());
    AtomicLong admitted = new AtomicLong();
    crowd(
        thread -> {
          for (int i = 0; i < TRIES; i++) {
            if (await(admission(thread).admit(new Admission.Entry(Jobs.chat().job(), limits)))
                instanceof Decision.Admitted) {
              admitted.incrementAndGet();
            }
          }
        });
    assertThat(admitted).hasValue(200);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void tokens_never_pass_the_bound_and_after_settlement_equal_what_was_used(long seed)
      throws Exception {
    long cost = Jobs.chat().job().tokensAtMost();
    long bound = cost * 100;
    Limits limits =
        new Limits(
            Map.of(Limit.TENANT_TOKENS_PER_MINUTE, bound, Limit.TENANT_TOKENS_PER_DAY, 1L << 40),
            Set.of());
    AtomicLong used = new AtomicLong();
    Queue<Job> open = new ConcurrentLinkedQueue<>();
    crowd(
        thread -> {
          Random random = new Random(seed * THREADS + thread);
          for (int i = 0; i < TRIES; i++) {
            Job job = Jobs.chat().job();
            Decision decision = await(admission(thread).admit(new Admission.Entry(job, limits)));
            if (decision instanceof Decision.Refused(var standing)) {
              assertThat(standing.exceeded())
                  .as("what is left where it refuses, seed %s", seed)
                  .allMatch(level -> level.remaining() < cost);
            } else {
              switch (random.nextInt(4)) {
                case 0 -> await(here.store().cancel(job.id()));
                case 1 -> await(admission(thread).undo(job.id()));
                case 2 -> used.addAndGet(finished(job, random.nextInt(500)));
                default -> open.add(job);
              }
            }
            assertThat(window("sum")).isLessThanOrEqualTo(bound);
          }
        });
    long reserved = open.size() * cost;
    assertThat(window("sum")).isEqualTo(used.get() + reserved);
    assertThat(day()).isEqualTo(used.get() + reserved);
    open.forEach(job -> await(here.store().cancel(job.id())));
    assertThat(window("sum")).isEqualTo(used.get());
    assertThat(bucketsAlone()).as("the sum is that of its buckets").isEqualTo(used.get());
    assertThat(here.lua("return redis.call('EXISTS', 'sluice:waiting_tokens:default')"))
        .isEqualTo("0");
  }

  private long finished(Job job, int completion) {
    await(here.admission().published(List.of(job.id())));
    Leases.Request request =
        new Leases.Request(new JobMessage(job, 0), "w", UUID.randomUUID().toString(), false);
    Claim.Granted granted = (Claim.Granted) await(here.leases().claim(request));
    Usage usage = new Usage(job.promptTokens(), completion);
    await(here.leases().finish(granted.lease(), new Ending.Completed(Output.NONE, usage)));
    return usage.tokens();
  }

  private long window(String field) {
    return Long.parseLong(
        here.lua(
            """
            local key = redis.call('KEYS', 'sluice:window:tenant_tokens_per_minute:*')[1]
            return key and redis.call('HGET', key, ARGV[1]) or '0'""",
            field));
  }

  private long bucketsAlone() {
    return Long.parseLong(
        here.lua(
            """
            local sum = 0
            local all = redis.call('HGETALL', redis.call('KEYS', 'sluice:window:tenant_tokens_per_minute:*')[1])
            for i = 1, #all, 2 do
              if tonumber(all[i]) then sum = sum + tonumber(all[i + 1]) end
            end
            return string.format('%.0f', sum)"""));
  }

  /**
   * Over both days, should midnight pass while it runs: each job is settled where it was charged.
   */
  private long day() {
    return Long.parseLong(
        here.lua(
            """
            local sum = 0
            for _, key in ipairs(redis.call('KEYS', 'sluice:day:*')) do sum = sum + redis.call('GET', key) end
            return string.format('%.0f', sum)"""));
  }
}
