package io.sluice.gateway.auth;

import io.sluice.ApiKey;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * Who sent a request.
 *
 * @param principal the id of the API key
 */
public record Caller(String tenant, String principal, Set<String> scopes) {
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** The caller of an authenticated request. */
  public static Caller of(RoutingContext http) {
    JsonObject principal = http.user().principal();
    return new Caller(
        principal.getString("tenant"),
        principal.getString("sub"),
        Set.of(principal.getString("scope").split(" ")));
  }

  static User user(ApiKey key) {
    return User.create(
        new JsonObject()
            .put("sub", key.id())
            .put("tenant", key.tenant())
            .put("scope", String.join(" ", key.scopes())));
  }

  /** Refuses a caller without this scope. */
  public void need(String scope) {
    if (!scopes.contains(scope)) {
      throw lacking(scope).refusal();
    }
  }

  /** Refuses a caller that has no scope at all. */
  public void needAny() {
    if (ApiKey.ALL_SCOPES.stream().noneMatch(scopes::contains)) {
      throw lacking("ollama:chat").refusal();
    }
  }

  private static Problem lacking(String scope) {
    return ProblemCode.INSUFFICIENT_SCOPE
        .with("The key lacks the scope " + scope + ".")
        .header(
            "WWW-Authenticate",
            "Bearer realm=\"sluice\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
  }
}
