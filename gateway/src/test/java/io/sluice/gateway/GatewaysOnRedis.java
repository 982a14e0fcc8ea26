package io.sluice.gateway;

import static io.sluice.Await.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.Admission;
import io.sluice.JobListener;
import io.sluice.MemoryFileStore;
import io.sluice.TestServers;
import io.sluice.Unavailable;
import io.sluice.auth.ApiKeys;
import io.sluice.redis.Redis;
import io.sluice.testservers.RedisServer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * Two gateways on one Redis of the test's own, which it may freeze and kill, with a queue in memory
 * between them.
 */
final class GatewaysOnRedis implements AutoCloseable {
  final RedisServer server = TestServers.ownRedis();
  final MemoryQueue queue = new MemoryQueue();
  final MemoryAudit audit = new MemoryAudit();
  final MemoryFileStore files = new MemoryFileStore();
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<One> gateways = new ArrayList<>();

  GatewaysOnRedis(UnaryOperator<GatewayConfig> settings) {
    rebuilt();
    for (String name : List.of("first", "second")) {
      gateways.add(new One(name, settings));
    }
  }

  /** A new store has nothing to rebuild, once it was asked. */
  private void rebuilt() {
    try (Redis redis = Redis.connect(server.uri(), Admission.Bounds.DEFAULT)) {
      await(redis.recovery().begin("fixture"))
          .ifPresent(epoch -> await(redis.recovery().complete(epoch)));
    }
  }

  Gateway gateway(int which) {
    return gateways.get(which).gateway;
  }

  Redis redis(int which) {
    return gateways.get(which).redis;
  }

  /** Adds a key and returns its text. */
  String key(String tenant, Set<String> scopes) {
    ApiKeys.Generated made = ApiKeys.generate(tenant, scopes, Instant.now());
    await(redis(0).directory().add(made.key()));
    return made.text();
  }

  /** Waits until both gateways reach Redis again. */
  void awaitRedis() {
    for (One one : gateways) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(Unavailable.class)
          .until(() -> await(one.redis.directory().keys()) != null);
    }
  }

  HttpRequest.Builder to(int which, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway(which).port() + path))
        .timeout(Duration.ofSeconds(30));
  }

  CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A submission of an ordinary chat, with these headers besides. */
  CompletableFuture<HttpResponse<String>> submit(int which, String credential, String... headers) {
    HttpRequest.Builder request =
        to(which, "/v1/jobs")
            .header("Authorization", "Bearer " + credential)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(TestGateway.chat("hi")));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  CompletableFuture<HttpResponse<String>> form(int which, String path, String body) {
    return send(
        to(which, path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Override
  public void close() {
    gateways.forEach(One::close);
    http.close();
    server.close();
  }

  /** One of the gateways with its own connections. */
  private final class One {
    private final Vertx vertx = Vertx.vertx();
    private final Redis redis = Redis.connect(server.uri(), Admission.Bounds.DEFAULT);
    private final Gateway gateway;

    private One(String name, UnaryOperator<GatewayConfig> settings) {
      gateway =
          new Gateway(
              new GatewayEnvironment(
                  vertx,
                  InstantSource.system(),
                  JobListener.NONE,
                  new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
              new GatewayPorts(
                  queue,
                  redis.laneOrder(),
                  redis.admission(),
                  redis.backlog(),
                  redis.store(),
                  redis.events(),
                  redis.history(),
                  redis.webhooks(),
                  redis.answers(),
                  redis.recovery(),
                  redis.elections(),
                  redis.fleet(),
                  new GatewayPorts.Access(
                      redis.directory(), redis.tenants(), redis.grants(), redis.tokenKeys()),
                  audit,
                  files,
                  redis.healthChecks()),
              settings.apply(GatewayConfig.of(0, name, List.of(TestGateway.POOL))));
      await(gateway.start());
    }

    private void close() {
      await(gateway.stop());
      redis.close();
      await(vertx.close());
    }
  }
}
