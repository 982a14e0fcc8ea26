package io.sluice.gateway;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.token.Tokens;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Collectors;

/** The whole HTTP surface in one screen. */
final class Routes {
  private static final int[] ROUTER_FAULTS = {400, 404, 405, 500};

  private final Handlers handlers;

  Routes(Handlers handlers) {
    this.handlers = handlers;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(POST, "/v1/jobs", handlers.submit()),
        new Endpoint(GET, "/v1/jobs", handlers.list()),
        new Endpoint(GET, "/v1/jobs/:id", handlers.get()),
        new Endpoint(DELETE, "/v1/jobs/:id", handlers.cancel()),
        new Endpoint(GET, "/v1/jobs/:id/events", handlers.stream()),
        new Endpoint(POST, "/oauth/token", handlers.tokens()::token),
        new Endpoint(POST, "/oauth/revoke", handlers.tokens()::revoke),
        new Endpoint(GET, "/.well-known/jwks.json", handlers.tokens()::jwks),
        new Endpoint(GET, "/.well-known/oauth-authorization-server", handlers.tokens()::metadata),
        new Endpoint(GET, "/health/live", handlers.health()::live),
        new Endpoint(GET, "/health/ready", handlers.health()::ready),
        new Endpoint(GET, "/metrics", handlers.metrics()),
        new Endpoint(GET, "/openapi.yaml", handlers.openApi()));
  }

  /** Adds everything to a router: what stands before the endpoints, them, and what is left over. */
  void mount(Router router) {
    router.route().handler(handlers.timing()).failureHandler(handlers.problems());
    router.route().handler(RequestTime::begin);
    router.route().handler(handlers.edge());
    router.route().handler(handlers.gate());
    for (Endpoint endpoint : endpoints()) {
      router.route(endpoint.method(), endpoint.path()).handler(endpoint.handler());
    }
    for (Endpoint endpoint : endpoints()) {
      router.route(endpoint.path()).handler(http -> http.fail(notAllowed(endpoint.path())));
    }
    for (int status : ROUTER_FAULTS) {
      router.errorHandler(status, handlers.problems());
    }
  }

  private Throwable notAllowed(String path) {
    String allowed =
        endpoints().stream()
            .filter(endpoint -> endpoint.path().equals(path))
            .map(endpoint -> endpoint.method().name())
            .sorted()
            .collect(Collectors.joining(", "));
    return ProblemCode.METHOD_NOT_ALLOWED
        .with("Here " + allowed + " is served.")
        .header("Allow", allowed)
        .refusal();
  }

  record Endpoint(HttpMethod method, String path, Handler<RoutingContext> handler) {}

  /** One handler per verb, and those that every request passes. */
  record Handlers(
      Handler<RoutingContext> timing,
      Handler<RoutingContext> edge,
      Handler<RoutingContext> gate,
      Handler<RoutingContext> problems,
      SubmitJob submit,
      ListJobs list,
      GetJob get,
      CancelJob cancel,
      StreamJob stream,
      Tokens tokens,
      Health health,
      Handler<RoutingContext> metrics,
      Handler<RoutingContext> openApi) {}
}
