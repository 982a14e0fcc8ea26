package io.sluice.cli.compose;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.Admission;
import io.sluice.Pool;
import io.sluice.rabbitmq.Rabbit;
import io.sluice.redis.Redis;
import io.sluice.testservers.RabbitServer;
import io.sluice.testservers.RedisServer;
import io.sluice.tls.ClientTls;
import io.sluice.worker.Circuit;
import io.sluice.worker.EngineConfig;
import io.sluice.worker.Gauges;
import io.sluice.worker.Worker;
import io.sluice.worker.WorkerConfig;
import io.sluice.worker.WorkerPorts;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A worker on RabbitMQ and Redis in this process, with the metrics that `sluice worker` shows and
 * with deadlines that a test need not wait two minutes for.
 */
public final class CountedWorker implements AutoCloseable {
  /** Long enough for an engine that answers at once, on a machine that is busy. */
  private static final Duration SILENCE = Duration.ofMillis(1500);

  /** A closed connection's slot counts as busy for so long. */
  private static final Duration GRACE = Duration.ofMillis(600);

  /** For the one token that proves an engine, which is silent where it hangs. */
  private static final Duration PROBE = Duration.ofSeconds(3);

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Rabbit rabbit;
  private final Redis redis;
  private final List<OllamaModelServer> servers = new ArrayList<>();
  private final Worker worker;

  private CountedWorker(
      RabbitServer rabbitServer, RedisServer redisServer, List<URI> engines, int slots) {
    Pool pool = Pool.parse("qwen3:14b");
    rabbit = Rabbit.connect(rabbitServer.uri(), ClientTls.DEFAULT, List.of(pool));
    redis = Redis.connect(redisServer.uri(), Admission.Bounds.DEFAULT);
    List<EngineConfig> configs = new ArrayList<>();
    for (URI engine : engines) {
      servers.add(
          new OllamaModelServer(
              engine, OllamaSettings.DEFAULT.grace(GRACE, GRACE).probeDeadline(PROBE)));
      configs.add(new EngineConfig(engine.getAuthority(), servers.getLast(), slots));
    }
    WorkerMetrics metrics = new WorkerMetrics(meters);
    worker =
        new Worker(
            new WorkerPorts(
                rabbit.queue(),
                redis.laneOrder(),
                redis.leases(),
                redis.events(),
                redis.warmSessions(),
                redis.warmLanes()),
            configs,
            WorkerConfig.of("counted", Set.of(pool))
                .with(
                    new WorkerConfig.Deadlines(
                        SILENCE, SILENCE, Duration.ofSeconds(5), Duration.ofSeconds(10))),
            metrics,
            InstantSource.system());
    metrics.watch(worker);
    worker.start();
  }

  /**
   * @param engines its model servers, called by their host and port
   * @param slots of each of them
   */
  public static CountedWorker start(
      RabbitServer rabbit, RedisServer redis, List<URI> engines, int slots) {
    return new CountedWorker(rabbit, redis, engines, slots);
  }

  public Gauges gauges() {
    return worker.gauges();
  }

  /** Whether jobs go to its engines. */
  public List<Circuit> circuits() {
    return worker.circuits();
  }

  /** How often the circuit of an engine opened, by the reason's name on the wire. */
  public Map<String, Long> openings(URI engine) {
    return counts(
        meters.find("sluice.worker.engine.opened").tag("engine", engine.getAuthority()), "reason");
  }

  /** Attempts that failed and were followed by another one, by the reason's name on the wire. */
  public Map<String, Long> retries() {
    return counts(meters.find("sluice.worker.retries"), "code");
  }

  private static Map<String, Long> counts(Search among, String tag) {
    Map<String, Long> counts = new TreeMap<>();
    for (Counter counter : among.counters()) {
      counts.merge(counter.getId().getTag(tag), (long) counter.count(), Long::sum);
    }
    return counts;
  }

  @Override
  public void close() {
    worker.close();
    servers.forEach(OllamaModelServer::close);
    rabbit.close();
    redis.close();
  }
}
