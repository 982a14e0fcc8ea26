package io.sluice.gateway.auth;

import io.sluice.gateway.OnContext;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SimpleAuthenticationHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stands before every route and lets nobody through without a key, but for the paths that are named
 * here. It reads the path as the router does, so that no two views of one path exist.
 */
public final class Gate implements Handler<RoutingContext> {
  static final Set<String> PUBLIC =
      Set.of(
          "/",
          "/api/version",
          "/health/live",
          "/health/ready",
          "/metrics",
          "/openapi.yaml",
          "/oauth/token",
          "/oauth/revoke",
          "/.well-known/jwks.json",
          "/.well-known/oauth-authorization-server");

  private static final String SCHEME = "Bearer ";

  private final AuthenticationProvider provider;
  private final Names names;
  private final Attempts attempts;
  private final Handler<RoutingContext> authentication;

  public <P extends AuthenticationProvider & Names> Gate(P provider, Attempts attempts) {
    this.provider = provider;
    this.names = provider;
    this.attempts = attempts;
    this.authentication = SimpleAuthenticationHandler.create().authenticate(this::authenticate);
  }

  @Override
  public void handle(RoutingContext http) {
    if (PUBLIC.contains(http.normalizedPath())) {
      http.next();
    } else {
      authentication.handle(http);
    }
  }

  private Future<User> authenticate(RoutingContext http) {
    List<String> given = http.request().headers().getAll("Authorization");
    if (given.isEmpty()) {
      return Future.failedFuture(
          ProblemCode.UNAUTHORIZED
              .with("Send an API key: Authorization: Bearer sk_….")
              .header("WWW-Authenticate", "Bearer realm=\"sluice\"")
              .closing()
              .refusal());
    }
    String header = given.getFirst();
    boolean bearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String token = bearer ? header.substring(SCHEME.length()).strip() : "";
    String address = ClientAddress.of(http);
    Optional<Duration> blocked = attempts.blocked(address, () -> names.principal(token));
    if (blocked.isPresent()) {
      return failed(InvalidCredential.blocked(blocked.get()));
    }
    return OnContext.of(http.vertx(), provider.authenticate(new BearerToken(token, address)))
        .onSuccess(user -> attempts.passed(address, Caller.of(user)))
        .recover(e -> e instanceof Denied denied ? refused(address, denied) : failed(e));
  }

  private Future<User> refused(String address, Denied denied) {
    return attempts
        .failed(address, denied)
        .compose(told -> failed(InvalidCredential.refusal(denied)));
  }

  private static Future<User> failed(Throwable e) {
    return Future.failedFuture(e);
  }
}
