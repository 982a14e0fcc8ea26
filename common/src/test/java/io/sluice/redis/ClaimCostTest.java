package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Job;
import io.sluice.JobMessage;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.Limit;
import io.sluice.Limits;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What it costs the Redis server to take a job in and to let it start; prints it. */
class ClaimCostTest {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimCostTest.class);
  private static final int JOBS = 3_000;
  private static final int ROUNDS = 5;
  private static final Pattern EVALSHA =
      Pattern.compile("cmdstat_evalsha:calls=(\\d+),usec=(\\d+)");

  @Test
  void thousands_of_jobs_come_in_and_start() {
    try (RedisFixture redis = RedisFixture.open(new Admission.Bounds(100_000, 100_000))) {
      for (int round = 0; round < ROUNDS; round++) {
        measure(redis, Limits.NONE, "without a bound");
        measure(
            redis,
            new Limits(Map.of(Limit.TENANT_RUNNING_JOBS, 1_000_000L), Set.of()),
            "with a bound on running jobs");
      }
    }
  }

  private static void measure(RedisFixture redis, Limits limits, String what) {
    List<Job> jobs =
        IntStream.range(0, JOBS).mapToObj(n -> Jobs.chat().tenant("t" + n % 8).job()).toList();
    long[] start = evaluated(redis);
    jobs.forEach(job -> await(redis.admission().admit(new Admission.Entry(job, limits))));
    long[] admitted = evaluated(redis);
    jobs.forEach(job -> claim(redis, job));
    long[] claimed = evaluated(redis);
    assertThat(claimed[0] - start[0]).isGreaterThanOrEqualTo(2 * JOBS);
    LOG.info(
        "{}: admit {} µs, claim {} µs",
        what,
        (admitted[1] - start[1]) / JOBS,
        (claimed[1] - admitted[1]) / JOBS);
  }

  private static void claim(RedisFixture redis, Job job) {
    Leases.Request request =
        new Leases.Request(new JobMessage(job, 0), "worker", UUID.randomUUID().toString(), false);
    assertThat(await(redis.leases().claim(request))).isInstanceOf(Leases.Claim.Granted.class);
  }

  /** Calls of scripts, and the microseconds that they took. */
  private static long[] evaluated(RedisFixture redis) {
    Matcher counts = EVALSHA.matcher(redis.lua("return redis.call('INFO', 'commandstats')"));
    assertThat(counts.find()).isTrue();
    return new long[] {Long.parseLong(counts.group(1)), Long.parseLong(counts.group(2))};
  }
}
