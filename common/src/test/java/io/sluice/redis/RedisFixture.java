package io.sluice.redis;

import static io.sluice.Await.await;
import static org.awaitility.Awaitility.await;

import io.sluice.Admission;
import io.sluice.AnswerCache;
import io.sluice.Backlog;
import io.sluice.JobEvents;
import io.sluice.JobHistory;
import io.sluice.JobId;
import io.sluice.JobStore;
import io.sluice.Leases;
import io.sluice.Recovery;
import io.sluice.StoreFixture;
import io.sluice.TestServers;
import io.sluice.Webhooks;
import io.sluice.testservers.RedisServer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** The Redis adapters on a server of this JVM's own, emptied for each test. */
final class RedisFixture implements StoreFixture {
  private static final class Shared {
    static final RedisServer SERVER = TestServers.ownRedis();
    static final RedissonClient CLIENT = client(SERVER);
  }

  private final RedisServer server;
  private final RedissonClient client;
  final Redis redis;

  private RedisFixture(RedisServer server, RedissonClient client, Admission.Bounds bounds) {
    this.server = server;
    this.client = client;
    this.redis = Redis.connect(server.uri(), bounds);
  }

  /** On the server that the tests of this package share: ended with the JVM. */
  static RedisFixture open(Admission.Bounds bounds) {
    RedisFixture fixture = new RedisFixture(Shared.SERVER, Shared.CLIENT, bounds);
    fixture.flush();
    fixture.rebuilt();
    return fixture;
  }

  /** On a server of the test's own, which it may break. */
  static RedisFixture own() {
    RedisServer server = TestServers.ownRedis();
    RedisFixture fixture =
        new RedisFixture(server, client(server), new Admission.Bounds(100_000, 100_000));
    fixture.rebuilt();
    return fixture;
  }

  private static RedissonClient client(RedisServer server) {
    Config config = new Config().setCodec(StringCodec.INSTANCE).setNettyThreads(1).setThreads(1);
    config
        .useSingleServer()
        .setAddress(server.uri().toString())
        .setConnectionMinimumIdleSize(1)
        .setConnectionPoolSize(2)
        .setSubscriptionConnectionMinimumIdleSize(0);
    return Redisson.create(config);
  }

  /** What a test cannot ask of a port. */
  String lua(String script, Object... arguments) {
    Object answer =
        client
            .getScript(StringCodec.INSTANCE)
            .eval(RScript.Mode.READ_WRITE, script, RScript.ReturnType.VALUE, List.of(), arguments);
    return String.valueOf(answer);
  }

  /** The scripts by a clock of the test's own, in place of the server's. */
  Scripts at(InstantSource clock) {
    return (script, arguments) -> {
      Instant now = clock.instant();
      lua(
          "return redis.call('HSET', 'test:clock', 's', ARGV[1], 'us', ARGV[2])",
          now.getEpochSecond(),
          now.getNano() / 1000);
      String text = script.text().replace("call('TIME')", "call('HMGET', 'test:clock', 's', 'us')");
      List<Object> answer =
          client
              .getScript(StringCodec.INSTANCE)
              .eval(RScript.Mode.READ_WRITE, text, RScript.ReturnType.LIST, List.of(), arguments);
      return Future.succeededFuture(new Reply(answer));
    };
  }

  void flush() {
    lua("return redis.call('FLUSHALL')");
  }

  /** A new store has nothing to rebuild, once it was asked. */
  void rebuilt() {
    await(redis.recovery().begin("fixture"))
        .ifPresent(epoch -> await(redis.recovery().complete(epoch)));
  }

  RedisServer server() {
    return server;
  }

  @Override
  public Admission admission() {
    return redis.admission();
  }

  @Override
  public Backlog backlog() {
    return redis.backlog();
  }

  @Override
  public JobStore store() {
    return redis.store();
  }

  @Override
  public Leases leases() {
    return redis.leases();
  }

  @Override
  public JobEvents events() {
    return redis.events();
  }

  @Override
  public JobHistory history() {
    return redis.history();
  }

  @Override
  public Recovery recovery() {
    return redis.recovery();
  }

  @Override
  public AnswerCache answers() {
    return redis.answers();
  }

  @Override
  public Webhooks webhooks() {
    return redis.webhooks();
  }

  /** Its clock cannot be moved, so everything that is owed was due before. */
  @Override
  public void letWebhookLeaseEnd(JobId id) {
    lua(
        """
        for _, key in ipairs(redis.call('KEYS', 'sluice:hooks*')) do
          for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
            redis.call('ZADD', key, 1, member)
          end
        end
        redis.call('HSET', 'sluice:job:' .. ARGV[1], 'hook_lease', 1)
        return 1""",
        id.value());
  }

  /** The key and the sweep's list of lives agree. */
  @Override
  public Instant lifeEnds(JobId id) {
    return Instant.ofEpochMilli(
        Long.parseLong(
            lua(
                """
                local key = 'sluice:job:' .. ARGV[1]
                local member = ARGV[1] .. ' ' .. redis.call('HGET', key, 'tenant')
                local listed = tonumber(redis.call('ZSCORE', 'sluice:life', member))
                if listed ~= redis.call('PEXPIRETIME', key) then return 'two lives' end
                return string.format('%.0f', listed)""",
                id.value())));
  }

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(
        Long.parseLong(
            lua(
                "local t = redis.call('TIME') return string.format('%.0f', t[1] * 1000 + math.floor(t[2] / 1000))")));
  }

  @Override
  public void letPass(Instant moment) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(10))
        .until(() -> now().isAfter(moment));
  }

  /** Its clock cannot be moved, so what was counted is made older. */
  @Override
  public void passForLimits(Duration time) {
    lua(
        """
        local function older(value, by) return string.format('%.0f', value - by) end
        for _, key in ipairs(redis.call('KEYS', 'sluice:window:*')) do
          local by = math.ceil(ARGV[1] / 500)
          local all = redis.call('HGETALL', key)
          redis.call('DEL', key)
          for i = 1, #all, 2 do
            local field, value = all[i], all[i + 1]
            if field == 'first' then value = older(value, by) end
            if tonumber(field) then field = older(field, by) end
            redis.call('HSET', key, field, value)
          end
        end
        for _, key in ipairs(redis.call('KEYS', 'sluice:load:*')) do
          for _, field in ipairs({'stepped', 'half'}) do
            redis.call('HSET', key, field, older(redis.call('HGET', key, field), ARGV[1]))
          end
        end
        for _, key in ipairs(redis.call('KEYS', 'sluice:bounded:*')) do
          redis.call('SET', key, older(redis.call('GET', key), ARGV[1]))
        end
        for _, key in ipairs(redis.call('KEYS', 'sluice:pace:*')) do
          for _, field in ipairs({'counted_to', 'waiting_since', 'seen_at', 'stood_at'}) do
            local value = tonumber(redis.call('HGET', key, field) or 0)
            if value > 0 then redis.call('HSET', key, field, older(value, ARGV[1])) end
          end
        end
        for _, key in ipairs(redis.call('KEYS', 'sluice:queues:*')) do
          local all = redis.call('HGETALL', key)
          for i = 1, #all, 2 do
            if string.find(all[i], 'inflow_at') then redis.call('HSET', key, all[i], older(all[i + 1], ARGV[1])) end
          end
        end
        for _, key in ipairs(redis.call('KEYS', 'sluice:job:*')) do
          local told = redis.call('HGET', key, 'told')
          if told then
            local what, from = string.match(told, '^(.*) (%S+)$')
            redis.call('HSET', key, 'told', what .. ' ' .. older(from, ARGV[1]))
          end
        end
        for _, pattern in ipairs({'sluice:starting:*', 'sluice:asking:*'}) do
          for _, key in ipairs(redis.call('KEYS', pattern)) do
            local all = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
            for i = 1, #all, 2 do redis.call('ZADD', key, older(all[i + 1], ARGV[1]), all[i]) end
          end
        end
        return 1""",
        time.toMillis());
  }

  @Override
  public void letLeaseEnd(JobId id) {
    lua(
        """
        redis.call('HSET', 'sluice:job:' .. ARGV[1], 'lease_until', 1)
        if redis.call('HGET', 'sluice:job:' .. ARGV[1], 'state') == 'cancelling' then
          redis.call('ZADD', 'sluice:due', 1, ARGV[1])
        end
        return 1""",
        id.value());
  }

  /** The keys live by Redis' own clock; what remains is what the sweep finds past its time. */
  @Override
  public void letLifeEnd(JobId id) {
    lua(
        """
        local v = redis.call('HMGET', 'sluice:job:' .. ARGV[1], 'idem', 'tenant')
        redis.call('DEL', 'sluice:job:' .. ARGV[1], 'sluice:log:' .. ARGV[1])
        if v[1] ~= '' then redis.call('DEL', v[1]) end
        redis.call('ZADD', 'sluice:life', 1, ARGV[1] .. ' ' .. v[2])
        return 1""",
        id.value());
  }

  @Override
  public boolean canLoseItsRecords() {
    return true;
  }

  @Override
  public void loseEverything() {
    flush();
  }

  @Override
  public void close() {
    redis.close();
    if (server != Shared.SERVER) {
      client.shutdown();
      server.close();
    }
  }
}
