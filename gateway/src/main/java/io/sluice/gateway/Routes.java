package io.sluice.gateway;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.HEAD;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import io.sluice.gateway.admin.Administration;
import io.sluice.gateway.auth.ScopeRefusals;
import io.sluice.gateway.batch.Batches;
import io.sluice.gateway.files.FileRoutes;
import io.sluice.gateway.pipeline.Pipelines;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.token.Tokens;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The whole HTTP surface in one screen. */
final class Routes {
  private static final int[] ROUTER_FAULTS = {400, 404, 405, 500};

  private final Handlers handlers;

  Routes(Handlers handlers) {
    this.handlers = handlers;
  }

  List<Endpoint> endpoints() {
    return Stream.of(
            ofClients(),
            handlers.surfaces().endpoints(),
            ofFiles(handlers.files()),
            ofBatches(handlers.batches()),
            ofPipelines(handlers.pipelines()),
            ofAdministrators(handlers.admin()))
        .flatMap(List::stream)
        .toList();
  }

  private List<Endpoint> ofClients() {
    return List.of(
        new Endpoint(POST, "/v1/jobs", handlers.submit()),
        new Endpoint(GET, "/v1/jobs", handlers.list()),
        new Endpoint(GET, "/v1/jobs/:id", handlers.get()),
        new Endpoint(DELETE, "/v1/jobs/:id", handlers.cancel()),
        new Endpoint(GET, "/v1/jobs/:id/explain", handlers.explain()),
        new Endpoint(POST, "/v1/jobs/:id/webhook/redeliver", handlers.redeliver()),
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

  private static List<Endpoint> ofFiles(FileRoutes files) {
    return List.of(
        new Endpoint(POST, "/v1/files", files::create),
        new Endpoint(GET, "/v1/files", files::list),
        new Endpoint(GET, "/v1/files/:id", files::get),
        new Endpoint(DELETE, "/v1/files/:id", files::delete),
        new Endpoint(GET, "/v1/files/:id/content", files::content));
  }

  private static List<Endpoint> ofBatches(Batches batches) {
    return List.of(
        new Endpoint(POST, "/v1/batches", batches::create),
        new Endpoint(GET, "/v1/batches", batches::list),
        new Endpoint(GET, "/v1/batches/:id", batches::get),
        new Endpoint(POST, "/v1/batches/:id/cancel", batches::cancel),
        new Endpoint(POST, "/v1/batches/:id/pause", batches::pause),
        new Endpoint(POST, "/v1/batches/:id/resume", batches::resume),
        new Endpoint(POST, "/v1/batches/:id/retry", batches::retry),
        new Endpoint(GET, "/v1/batches/:id/results", batches::results));
  }

  private static List<Endpoint> ofPipelines(Pipelines pipelines) {
    return List.of(
        new Endpoint(POST, "/v1/pipelines", pipelines::create),
        new Endpoint(GET, "/v1/pipelines", pipelines::list),
        new Endpoint(GET, "/v1/pipelines/:id", pipelines::get),
        new Endpoint(POST, "/v1/pipelines/:id/cancel", pipelines::cancel),
        new Endpoint(POST, "/v1/pipelines/:id/pause", pipelines::pause),
        new Endpoint(POST, "/v1/pipelines/:id/resume", pipelines::resume),
        new Endpoint(GET, "/v1/pipelines/:id/results", pipelines::results),
        new Endpoint(GET, "/v1/pipelines/:id/documents/:index/text", pipelines::text));
  }

  private static List<Endpoint> ofAdministrators(Administration admin) {
    return List.of(
        new Endpoint(GET, "/admin/v1/keys", admin.keys()::list),
        new Endpoint(POST, "/admin/v1/keys", admin.keys()::create),
        new Endpoint(GET, "/admin/v1/keys/:id", admin.keys()::get),
        new Endpoint(DELETE, "/admin/v1/keys/:id", admin.keys()::revoke),
        new Endpoint(GET, "/admin/v1/tenants", admin.tenants()::list),
        new Endpoint(GET, "/admin/v1/tenants/:name", admin.tenants()::get),
        new Endpoint(PUT, "/admin/v1/tenants/:name", admin.tenants()::put),
        new Endpoint(DELETE, "/admin/v1/tenants/:name", admin.tenants()::remove),
        new Endpoint(
            POST, "/admin/v1/tenants/:name/webhook-secret", admin.webhookSecrets()::create),
        new Endpoint(GET, "/admin/v1/token-keys", admin.tokenKeys()::list),
        new Endpoint(POST, "/admin/v1/token-keys", admin.tokenKeys()::create),
        new Endpoint(POST, "/admin/v1/token-keys/rotate", admin.tokenKeys()::rotate),
        new Endpoint(DELETE, "/admin/v1/token-keys/:kid", admin.tokenKeys()::revoke),
        new Endpoint(GET, "/admin/v1/workers", admin.workers()::list),
        new Endpoint(GET, "/admin/v1/workers/:id", admin.workers()::get),
        new Endpoint(POST, "/admin/v1/workers/:id/drain", admin.workers()::drain),
        new Endpoint(POST, "/admin/v1/workers/:id/resume", admin.workers()::resume),
        new Endpoint(DELETE, "/admin/v1/cache", admin.cache()::forget),
        new Endpoint(GET, "/admin/v1/audit", admin.audit()::search));
  }

  /** Adds everything to a router: what stands before the endpoints, them, and what is left over. */
  void mount(Router router) {
    router.route().handler(handlers.timing()).failureHandler(handlers.problems());
    router.route().handler(RequestTime::begin);
    router.route().handler(handlers.unsent());
    router.route().handler(handlers.forwarding());
    router.route().handler(handlers.edge());
    router.route().handler(handlers.bodyMemory());
    router.route().handler(handlers.gate());
    for (Endpoint endpoint : endpoints()) {
      router.route(endpoint.method(), endpoint.path()).handler(endpoint::handle);
      if (endpoint.hasHead()) {
        router.route(HEAD, endpoint.path()).handler(endpoint::handle);
      }
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
            .flatMap(endpoint -> endpoint.methods().stream())
            .sorted()
            .collect(Collectors.joining(", "));
    return ProblemCode.METHOD_NOT_ALLOWED
        .with("Here " + allowed + " is served.")
        .header("Allow", allowed)
        .refusal();
  }

  /**
   * HEAD is what GET is, without its body (RFC 9110 section 9.3.2); a stream has no end to wait
   * for.
   */
  record Endpoint(HttpMethod method, String path, Handler<RoutingContext> handler) {
    private void handle(RoutingContext http) {
      ScopeRefusals.route(http, method + " " + path);
      handler.handle(http);
    }

    boolean hasHead() {
      return method.equals(GET) && !(handler instanceof StreamJob);
    }

    private List<String> methods() {
      return hasHead() ? List.of(method.name(), HEAD.name()) : List.of(method.name());
    }
  }

  /** One handler per verb, and those that every request passes. */
  record Handlers(
      Handler<RoutingContext> timing,
      Handler<RoutingContext> unsent,
      Handler<RoutingContext> bodyMemory,
      Handler<RoutingContext> forwarding,
      Handler<RoutingContext> edge,
      Handler<RoutingContext> gate,
      Handler<RoutingContext> problems,
      SubmitJob submit,
      ListJobs list,
      GetJob get,
      CancelJob cancel,
      ExplainJob explain,
      RedeliverWebhook redeliver,
      StreamJob stream,
      Surfaces surfaces,
      FileRoutes files,
      Batches batches,
      Pipelines pipelines,
      Tokens tokens,
      Administration admin,
      Health health,
      Handler<RoutingContext> metrics,
      Handler<RoutingContext> openApi) {}
}
