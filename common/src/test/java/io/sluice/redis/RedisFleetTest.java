package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Fleet;
import io.sluice.FleetContract;
import io.sluice.Pool;
import io.sluice.WorkerReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisFleetTest extends FleetContract {
  private RedisFixture redis;

  @Test
  void what_workers_of_a_newer_version_say_hides_nobody() {
    await(fleet.announce(worker("old"), Duration.ofMinutes(5)));
    await(fleet.announce(worker("new"), Duration.ofMinutes(5)));
    await(fleet.announce(worker("newest"), Duration.ofMinutes(5)));
    say(
        "new",
        """
        {"id":"new","state":"dancing","pools":["qwen3:14b#q4","qwen3:14b@16k"],
         "engines":[{"name":"e","slots":2,"ready":["*"]}]}""");
    say("newest", "{\"id\":\"gpu 1\"}");

    var all = await(fleet.all());

    assertThat(all).extracting(one -> one.report().id()).containsExactly("new", "old");
    assertThat(all.getFirst().report().pools()).containsExactly(Pool.parse("qwen3:14b@16k"));
    assertThat(all.getFirst().report().state()).isEqualTo(WorkerReport.State.SERVING);
    assertThat(all.getFirst().report().slots()).isEqualTo(2);
  }

  private void say(String worker, String report) {
    redis.lua(
        "return redis.call('HSET', 'sluice:worker:' .. ARGV[1], 'report', ARGV[2])",
        worker,
        report);
  }

  private static WorkerReport worker(String id) {
    return new WorkerReport(
        id, "gpu-1", "1.2.3", List.of(), List.of(), WorkerReport.State.SERVING, 0, Instant.EPOCH);
  }

  @Override
  protected Fixture open() {
    redis = RedisFixture.open(Admission.Bounds.DEFAULT);
    return new Fixture() {
      @Override
      public Fleet fleet() {
        return redis.redis.fleet();
      }

      @Override
      public Instant now() {
        return redis.now();
      }

      @Override
      public void pass(Duration time) {
        redis.letPass(redis.now().plus(time));
      }

      @Override
      public void close() {
        redis.close();
      }
    };
  }
}
