package io.sluice.cli.compose;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.HealthCheck;
import io.sluice.codec.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;

/** What a worker tells of itself over HTTP: whether it lives, is ready, and its metrics. */
final class HealthServer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final List<HealthCheck> checks;
  private final PrometheusMeterRegistry meters;
  private HttpServer server;

  private HealthServer(Vertx vertx, List<HealthCheck> checks, PrometheusMeterRegistry meters) {
    this.vertx = vertx;
    this.checks = checks;
    this.meters = meters;
  }

  static HealthServer start(
      Vertx vertx,
      String host,
      int port,
      List<HealthCheck> checks,
      PrometheusMeterRegistry meters) {
    HealthServer health = new HealthServer(vertx, checks, meters);
    health.server =
        Waiting.await(
            vertx.createHttpServer().requestHandler(health::answer).listen(port, host), LIMIT);
    return health;
  }

  int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    Waiting.await(server.close(), LIMIT);
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/health/live" -> json(request, 200, Json.object().put("status", "live"));
      case "/health/ready" -> ready(request);
      case "/metrics" -> metrics(request);
      default -> json(request, 404, Json.object().put("status", "not_found"));
    }
  }

  private void ready(HttpServerRequest request) {
    Future.all(checks.stream().filter(HealthCheck::required).map(HealthCheck::check).toList())
        .onSuccess(all -> warnings(request))
        .onFailure(
            e ->
                json(
                    request,
                    503,
                    Json.object().put("status", "not_ready").put("reason", e.getMessage())));
  }

  /** Ready, and what does not work all the same. */
  private void warnings(HttpServerRequest request) {
    ObjectNode ready = Json.object().put("status", "ready");
    List<Future<Void>> asked =
        checks.stream().filter(check -> !check.required()).map(HealthCheck::check).toList();
    Future.join(asked)
        .onComplete(
            all -> {
              asked.stream()
                  .filter(Future::failed)
                  .forEach(one -> ready.withArray("warnings").add(one.cause().getMessage()));
              json(request, 200, ready);
            });
  }

  private void metrics(HttpServerRequest request) {
    vertx
        .executeBlocking(() -> meters.scrape())
        .onSuccess(
            text ->
                request.response().putHeader("Content-Type", "text/plain; version=0.0.4").end(text))
        .onFailure(e -> request.response().setStatusCode(500).end());
  }

  private static void json(HttpServerRequest request, int status, ObjectNode body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Json.write(body));
  }
}
