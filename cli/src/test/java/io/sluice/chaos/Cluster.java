package io.sluice.chaos;

import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.Await;
import io.sluice.TestServers;
import io.sluice.Unavailable;
import io.sluice.auth.ApiKeys;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.redis.Redis;
import io.sluice.testservers.RabbitServer;
import io.sluice.testservers.RedisServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A whole Sluice on this machine, of real processes: RabbitMQ, Redis, a gateway, workers, and a
 * simulated engine for each worker. Everything in it may be killed.
 */
final class Cluster implements AutoCloseable {
  static final int SLOTS = 4;
  static final String MODEL = "qwen3:14b";

  private static final Duration READY = Duration.ofSeconds(60);

  final RabbitServer rabbit;
  final RedisServer redis;
  final SluiceProcess gateway;
  final List<SluiceProcess> workers = new ArrayList<>();
  final List<EngineSim> engines = new ArrayList<>();
  final HttpClient http = HttpClient.newHttpClient();
  final URI url;
  final String key;
  private final Map<String, String> settings;
  private final String models;

  /**
   * A worker with an engine of its own.
   *
   * @param model the pool that it serves
   * @param arguments of its worker, besides those that it needs
   */
  record Node(String model, SimConfig engine, List<String> arguments) {
    Node(String model, SimConfig engine) {
      this(model, engine, List.of());
    }

    private String[] worker(EngineSim started) {
      List<String> all = new ArrayList<>(List.of("worker", "--engine", started.uri().toString()));
      all.addAll(List.of("--slots", "" + engine.slots()));
      all.addAll(arguments);
      return all.toArray(String[]::new);
    }
  }

  Cluster(Path folder, int workerCount, Duration perToken) throws IOException {
    this(folder, Collections.nCopies(workerCount, new Node(MODEL, simulated(perToken))));
  }

  /** The gateway serves what the workers serve. */
  Cluster(Path folder, List<Node> nodes) throws IOException {
    this(folder, nodes, Map.of());
  }

  /**
   * The same with other settings.
   *
   * @param settings variables of the gateway and the workers
   */
  Cluster(Path folder, List<Node> nodes, Map<String, String> settings) throws IOException {
    this.settings = settings;
    models = models(nodes);
    rabbit = TestServers.ownRabbit();
    redis = TestServers.ownRedis();
    int port = freePort();
    url = URI.create("http://127.0.0.1:" + port);
    key = createKey("default");
    gateway =
        SluiceProcess.start("gateway", folder, serving(models), "gateway", "--port", "" + port);
    for (Node node : nodes) {
      EngineSim engine = EngineSim.start(node.engine());
      workers.add(
          SluiceProcess.start(
              "worker" + engines.size(), folder, serving(node.model()), node.worker(engine)));
      engines.add(engine);
    }
    awaitReady();
  }

  private static String models(List<Node> nodes) {
    String models = nodes.stream().map(Node::model).distinct().collect(Collectors.joining(","));
    return models.isEmpty() ? MODEL : models;
  }

  private Map<String, String> serving(String models) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("SLUICE_AMQP_URL", rabbit.uri().toString());
    all.put("SLUICE_REDIS_URL", redis.uri().toString());
    all.put("SLUICE_MODEL", models);
    return all;
  }

  /** One more gateway, on another port and with the same settings; the test closes it. */
  SluiceProcess anotherGateway(Path folder) throws IOException {
    return SluiceProcess.start(
        "another-gateway", folder, serving(models), "gateway", "--port", "" + freePort());
  }

  static SimConfig simulated(Duration perToken) {
    return SimConfig.DEFAULT
        .slots(SLOTS)
        .timing(SimConfig.Timing.NONE.perToken(perToken))
        .answerTokens(40);
  }

  /** Another tenant's key. */
  String createKey(String tenant) {
    Redis redis = Redis.connect(this.redis.uri(), Admission.Bounds.DEFAULT);
    try {
      ApiKeys.Generated made = ApiKeys.generate(tenant, ApiKey.ALL_SCOPES, Instant.now());
      Awaitility.await("a key in the directory")
          .atMost(READY)
          .ignoreException(Unavailable.class)
          .until(
              () -> {
                Await.await(redis.directory().add(made.key()));
                return true;
              });
      return made.text();
    } finally {
      redis.close();
    }
  }

  void awaitReady() {
    Awaitility.await("the gateway to be ready")
        .atMost(READY)
        .pollInterval(200, TimeUnit.MILLISECONDS)
        .until(this::isReady);
  }

  private boolean isReady() throws InterruptedException {
    try {
      return http.send(
                  HttpRequest.newBuilder(url.resolve("/health/ready"))
                      .timeout(Duration.ofSeconds(3))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    workers.forEach(SluiceProcess::close);
    gateway.close();
    engines.forEach(EngineSim::close);
    redis.close();
    rabbit.close();
  }
}
