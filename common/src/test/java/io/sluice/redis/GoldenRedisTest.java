package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Fleet;
import io.sluice.JobEvent;
import io.sluice.JobMessage;
import io.sluice.Leases;
import io.sluice.LoggedEvent;
import io.sluice.ModelFacts;
import io.sluice.Position;
import io.sluice.WorkerReport;
import io.sluice.golden.Golden;
import io.sluice.golden.Scene;
import io.sluice.golden.Stores;
import io.sluice.tls.ClientTls;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers and gateways of several versions on one Redis. */
class GoldenRedisTest {
  private static final String FILE = "redis.json";
  private static final Duration LIFE = Duration.ofSeconds(15);

  /** Fields that the first records did not have. */
  private static final List<String> LATER =
      List.of(
          "pool",
          "tokens",
          "charges",
          "where",
          "lane",
          "jobs_before",
          "tokens_before",
          "cost",
          "told",
          "admitted",
          "replayed",
          "steps",
          "came",
          "hook",
          "hook_state",
          "hook_since",
          "hook_next");

  private RedisFixture redis;
  private Connection connection;
  private Instant now = Scene.TIME;
  private Stores stores;
  private Fleet fleet;

  @BeforeEach
  void open() {
    redis = RedisFixture.open(Admission.Bounds.DEFAULT);
    redis.flush();
    connection = Connection.open(RedisAddress.parse(redis.server().uri()), ClientTls.DEFAULT);
    Scripts at = redis.at(() -> now);
    stores =
        new Stores(
            new RedisAdmission(at, Admission.Bounds.DEFAULT),
            new RedisJobStore(at),
            new RedisLeases(at),
            new RedisJobEvents(at, new Wakes(connection)),
            new RedisJobHistory(at),
            redis.redis.directory(),
            new RedisTenants(at),
            new RedisGrants(at),
            new RedisTokenKeys(at));
    fleet = new RedisFleet(at);
  }

  @AfterEach
  void close() {
    connection.close();
    redis.close();
  }

  private void play() {
    Scene.play(stores);
    await(fleet.announce(report(), LIFE));
    await(fleet.describe(report().id(), List.of(MODEL)));
    await(fleet.wish(report().id(), new Fleet.Wish.Drain(Duration.ofSeconds(20))));
  }

  private static final ModelFacts MODEL =
      new ModelFacts(
          "qwen3:14b",
          Optional.of("55aa"),
          OptionalLong.of(9_276_198_565L),
          Optional.of(Scene.TIME),
          "{\"family\":\"qwen3\"}",
          List.of("completion"),
          OptionalInt.of(40_960),
          "{\"general.architecture\":\"qwen3\"}",
          Optional.of(
              new ModelFacts.Loaded(2, 1, OptionalInt.of(16_384), Optional.of(Scene.TIME))));

  private static WorkerReport report() {
    return new WorkerReport(
        "gpu-1-0a1b2c3d",
        "gpu-1",
        "0.1.0",
        List.of(Scene.POOL),
        List.of(new WorkerReport.Engine("localhost:11434", 4, 2, List.of(Scene.POOL))),
        WorkerReport.State.SERVING,
        2,
        Scene.TIME);
  }

  private void goOn() {
    assertThat(await(fleet.all())).singleElement().extracting("report").isEqualTo(report());
    assertThat(await(fleet.all()).getFirst().models()).containsExactly(MODEL);
    assertThat(await(fleet.announce(report(), LIFE)))
        .contains(new Fleet.Wish.Drain(Duration.ofSeconds(20)));
    Scene.goOn(stores, time -> now = now.plus(time));
  }

  @Test
  void what_is_left_in_redis_is_what_this_version_has_always_left_there() {
    play();
    Golden.assertWritten(FILE, RedisKeys.dump(redis));
  }

  static List<String> all() {
    return Golden.all(FILE);
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_an_older_version_left_is_read_and_gone_on_with(String left) {
    RedisKeys.restore(redis, left);
    goOn();
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_a_newer_version_added_disturbs_nobody_and_is_left_alone(String left) {
    RedisKeys.restore(redis, left);
    redis.lua(
        """
        for _, key in ipairs(redis.call('KEYS', 'sluice:*')) do
          if redis.call('TYPE', key).ok == 'hash' and string.find(key, '^sluice:job:') then
            redis.call('HSET', key, 'colour', 'blue')
            local job = redis.call('HGET', key, 'job')
            redis.call('HSET', key, 'job', (string.gsub(job, '^{', '{"colour":{"deep":[1]},')))
          end
        end
        local worker = 'sluice:worker:gpu-1-0a1b2c3d'
        local report = redis.call('HGET', worker, 'report')
        redis.call('HSET', worker, 'report', (string.gsub(report, '^{', '{"colour":"blue",')))
        redis.call('SET', 'sluice:songs', 'of a newer version')
        return 1""");
    goOn();
    assertThat(
            redis.lua(
                """
                local n = 0
                for _, key in ipairs(redis.call('KEYS', 'sluice:job:*')) do
                  n = n + redis.call('HEXISTS', key, 'colour')
                  if string.find(redis.call('HGET', key, 'job'), '"colour":{"deep"', 1, true) then n = n + 1 end
                end
                return n"""))
        .isEqualTo("16");
  }

  @ParameterizedTest
  @MethodSource("all")
  void records_without_what_later_versions_added_are_run_and_end(String left) {
    RedisKeys.restore(redis, left);
    redis.lua(
        """
        for _, key in ipairs(redis.call('KEYS', 'sluice:job:*')) do redis.call('HDEL', key, unpack(ARGV)) end
        for _, pattern in ipairs({'sluice:queues:*', 'sluice:pace:*', 'sluice:numbers:*', 'sluice:starting*', 'sluice:window:*', 'sluice:hooks*'}) do
          for _, key in ipairs(redis.call('KEYS', pattern)) do redis.call('DEL', key) end
        end
        return 1""",
        LATER.toArray());
    goOn();
  }

  @Test
  void events_of_a_newer_version_are_passed_over_and_hold_up_no_reader() {
    play();
    var lease = new Leases.Request(new JobMessage(Scene.WAITING, 0), "w", "n", false);
    var granted = (Leases.Claim.Granted) await(stores.leases().claim(lease));
    String log = "sluice:log:" + Scene.WAITING.id().value();
    long fence = granted.lease().fence();
    for (int seq = 1; seq <= 130; seq++) {
      redis.lua(
          "return redis.call('XADD', ARGV[1], ARGV[2], 'type', 'song', 'data', '[]')",
          log,
          fence + "-" + seq);
    }
    await(stores.events().append(granted.lease(), 131, List.of(new JobEvent.Token("a"))));
    var start = await(stores.events().read(Scene.WAITING.id(), Position.START, 64));
    assertThat(start).hasSize(1);
    var next = await(stores.events().read(Scene.WAITING.id(), start.getLast().position(), 64));
    assertThat(next).extracting(LoggedEvent::event).containsExactly(new JobEvent.Token("a"));
  }
}
