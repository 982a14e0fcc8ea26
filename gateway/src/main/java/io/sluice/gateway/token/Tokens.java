package io.sluice.gateway.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.TokenKey;
import io.sluice.codec.Json;
import io.sluice.gateway.auth.ApiKeyAuthentication;
import io.sluice.gateway.auth.BearerAuthentication;
import io.sluice.gateway.auth.Watch;
import io.sluice.gateway.problem.EarlyEnd;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Access tokens as the gateway sees them: who may come in, and the endpoints of RFC 6749. */
public final class Tokens {
  private static final int THREADS = 4;
  private static final String JSON = "application/json; charset=utf-8";

  private final TokenConfig config;
  private final InstantSource clock;
  private final WorkerExecutor workers;
  private final WorkerExecutor readers;
  private final Optional<KeyRing> ring;
  private final TokenAuthentication authentication;
  private final Optional<TokenEndpoint> token;
  private final RevokeEndpoint revoke;

  public Tokens(
      Vertx vertx,
      TokenPorts ports,
      TokenConfig config,
      InstantSource clock,
      MeterRegistry meters,
      Watch watch) {
    this.config = config;
    this.clock = clock;
    this.workers = vertx.createSharedWorkerExecutor("sluice-tokens", THREADS);
    // An issuer reads its keys with one thread at a time, so a slow one holds up no other.
    this.readers =
        vertx.createSharedWorkerExecutor("sluice-issuers", Math.max(1, config.issuers().size()));
    SignatureWork signatures = new SignatureWork(workers);
    Counter failed = meters.counter("sluice.token.keys.reload.failed");
    this.ring =
        config
            .sealing()
            .map(
                sealing ->
                    new KeyRing(
                        vertx,
                        workers,
                        ports.tokenKeys(),
                        clock,
                        config,
                        sealing,
                        failed::increment));
    ring.ifPresent(keys -> KeyGauges.bind(keys, clock, meters));
    List<OutsideKeys> outside =
        config.issuers().stream().map(it -> new OutsideKeys(it, readers, clock)).toList();
    TokenTrail trail = new TokenTrail(watch.trail(), watch.repeated(), meters);
    this.authentication =
        new TokenAuthentication(
            ports,
            clock,
            signatures,
            new CheckingKeys(ring, outside, clock),
            new TokenVerifier(config));
    this.token =
        ring.map(
            keys ->
                new TokenEndpoint(
                    vertx,
                    ports,
                    config,
                    clock,
                    signatures,
                    new AccessTokens(keys, config, clock),
                    new Clients(vertx, ports.keys(), clock),
                    trail,
                    authentication,
                    watch.attempts()));
    this.revoke =
        new RevokeEndpoint(vertx, ports.grants(), authentication, trail, watch.attempts());
  }

  /** Completes when there is a key to sign with, or at once where none is configured. */
  public Future<Void> start() {
    return ring.map(KeyRing::start).orElseGet(Future::succeededFuture);
  }

  public Future<Void> stop() {
    ring.ifPresent(KeyRing::stop);
    return Future.join(workers.close(), readers.close()).mapEmpty();
  }

  /** API keys and access tokens together. */
  public BearerAuthentication with(ApiKeyAuthentication keys) {
    return new BearerAuthentication(keys, authentication);
  }

  /** Makes a new signing key now. */
  public Future<TokenKey> rotate() {
    return ring.map(KeyRing::rotate).orElseGet(() -> Future.failedFuture(notConfigured()));
  }

  /**
   * Takes note at once of a key that this gateway added or revoked. Never fails: what cannot be
   * read now is read within a second anyway.
   */
  public Future<Void> refresh() {
    return ring.map(KeyRing::refresh).orElseGet(Future::succeededFuture).otherwiseEmpty();
  }

  /** Fails where no master secret is set. */
  public Future<TokenConfig> configured() {
    return ring.isPresent() ? Future.succeededFuture(config) : Future.failedFuture(notConfigured());
  }

  public void token(RoutingContext http) {
    if (token.isEmpty()) {
      http.fail(notConfigured());
      return;
    }
    token
        .get()
        .answer(http)
        .onSuccess(body -> json(http, 200, "no-store", Json.write(body)))
        .onFailure(e -> fail(http, e));
  }

  public void revoke(RoutingContext http) {
    if (ring.isEmpty()) {
      http.fail(notConfigured());
      return;
    }
    revoke
        .answer(http)
        .onSuccess(done -> json(http, 200, "no-store", "{}"))
        .onFailure(e -> fail(http, e));
  }

  public void jwks(RoutingContext http) {
    if (ring.isEmpty()) {
      http.fail(notConfigured());
      return;
    }
    json(http, 200, "public, max-age=60", ring.get().keys().jwks(clock.instant()));
  }

  /**
   * RFC 8414. Where the issuer is no URL, the answer follows the name that the client asked for,
   * and no cache may give it to another.
   */
  public void metadata(RoutingContext http) {
    if (ring.isEmpty()) {
      http.fail(notConfigured());
      return;
    }
    boolean fixed = config.issuer().startsWith("http");
    String base = fixed ? config.issuer() : origin(http);
    String methods = "[\"client_secret_basic\",\"client_secret_post\"]";
    ObjectNode body =
        Json.object()
            .put("issuer", config.issuer())
            .put("token_endpoint", base + "/oauth/token")
            .put("revocation_endpoint", base + "/oauth/revoke")
            .put("jwks_uri", base + "/.well-known/jwks.json");
    body.set("grant_types_supported", Json.parse("[\"client_credentials\",\"refresh_token\"]"));
    body.set("response_types_supported", Json.parse("[]"));
    body.set("token_endpoint_auth_methods_supported", Json.parse(methods));
    body.set("scopes_supported", Json.MAPPER.valueToTree(io.sluice.ApiKey.ALL_SCOPES));
    json(http, 200, fixed ? "public, max-age=60" : "no-store", Json.write(body));
  }

  private static String origin(RoutingContext http) {
    return http.request().scheme() + "://" + http.request().authority();
  }

  private static void fail(RoutingContext http, Throwable e) {
    if (!(e instanceof OAuthError error)) {
      http.fail(e);
      return;
    }
    error
        .retryAfter()
        .ifPresent(wait -> http.response().putHeader("Retry-After", String.valueOf(wait)));
    if (error.status() == 401) {
      http.response().putHeader("WWW-Authenticate", "Basic realm=\"sluice\"");
    }
    boolean early = !http.request().isEnded();
    if (early) {
      EarlyEnd.announce(http.request());
    }
    ObjectNode body =
        Json.object().put("error", error.code()).put("error_description", error.getMessage());
    Future<Void> sent = json(http, error.status(), "no-store", Json.write(body));
    if (early) {
      EarlyEnd.after(sent, http.vertx(), http.request());
    }
  }

  private static Future<Void> json(RoutingContext http, int status, String caching, String body) {
    if (http.response().ended() || http.response().closed()) {
      return Future.succeededFuture();
    }
    return http.response()
        .setStatusCode(status)
        .putHeader("Content-Type", JSON)
        .putHeader("Cache-Control", caching)
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(body);
  }

  private static Throwable notConfigured() {
    return ProblemCode.TOKENS_NOT_CONFIGURED
        .with("Set SLUICE_SECRET or SLUICE_SECRET_FILE to have access tokens.")
        .closing()
        .refusal();
  }
}
