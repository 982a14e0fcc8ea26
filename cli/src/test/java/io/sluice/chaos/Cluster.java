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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A whole Sluice on this machine, of real processes: RabbitMQ, Redis, a gateway, workers, and a
 * simulated engine for each worker. Everything in it may be killed.
 */
final class Cluster implements AutoCloseable {
  static final int SLOTS = 4;

  private static final Duration READY = Duration.ofSeconds(60);

  final RabbitServer rabbit;
  final RedisServer redis;
  final SluiceProcess gateway;
  final List<SluiceProcess> workers = new ArrayList<>();
  final List<EngineSim> engines = new ArrayList<>();
  final HttpClient http = HttpClient.newHttpClient();
  final URI url;
  final String key;

  Cluster(Path folder, int workerCount, Duration perToken) throws IOException {
    rabbit = TestServers.ownRabbit();
    redis = TestServers.ownRedis();
    int port = freePort();
    url = URI.create("http://127.0.0.1:" + port);
    Map<String, String> servers =
        Map.of(
            "SLUICE_AMQP_URL", rabbit.uri().toString(),
            "SLUICE_REDIS_URL", redis.uri().toString(),
            "SLUICE_MODEL", "qwen3:14b");
    key = createKey(redis);
    gateway = SluiceProcess.start("gateway", folder, servers, "gateway", "--port", "" + port);
    for (int i = 0; i < workerCount; i++) {
      EngineSim engine = EngineSim.start(simulated(perToken));
      engines.add(engine);
      workers.add(
          SluiceProcess.start(
              "worker" + i,
              folder,
              servers,
              "worker",
              "--engine",
              engine.uri().toString(),
              "--slots",
              "" + SLOTS));
    }
    awaitReady();
  }

  private static SimConfig simulated(Duration perToken) {
    return SimConfig.DEFAULT
        .slots(SLOTS)
        .timing(SimConfig.Timing.NONE.perToken(perToken))
        .answerTokens(40);
  }

  private static String createKey(RedisServer server) {
    Redis redis = Redis.connect(server.uri(), Admission.Bounds.DEFAULT);
    try {
      ApiKeys.Generated made = ApiKeys.generate("default", ApiKey.ALL_SCOPES, Instant.now());
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
