package io.sluice.gateway.auth;

import io.sluice.ApiKey;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who sent a request.
 *
 * @param principal the id of the API key, or {@code ISSUER:SUBJECT} of a token that somebody else
 *     issued
 * @param session the session that a token names, if it names one
 * @param expiresAt when the credential ends by itself, if it does
 * @param credential what {@link Recheck} needs to ask again whether it still holds
 */
public record Caller(
    String tenant,
    String principal,
    Set<String> scopes,
    Optional<String> session,
    Optional<Instant> expiresAt,
    Credential credential) {
  private static final String ATTRIBUTE = "sluice.caller";

  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** What a caller proved itself with: a closed choice. Never the secret part. */
  public sealed interface Credential {
    /** The API key that it is, or was made from; none for what others made. */
    default Optional<String> apiKey() {
      return switch (this) {
        case Key(String id) -> Optional.of(id);
        case AccessToken token -> Optional.of(token.keyId());
        case ForeignToken foreign -> Optional.empty();
      };
    }

    record Key(String id) implements Credential {}

    /** A token of our own: of a grant, made from a key, with a name of its own. */
    record AccessToken(String keyId, String grantId, String tokenId, String kid)
        implements Credential {}

    /** A token that a tenant or an outside issuer made, checked with this key. */
    record ForeignToken(String issuer, String kid) implements Credential {}
  }

  /** The caller that shows an API key. */
  public static Caller of(ApiKey key) {
    return new Caller(
        key.tenant(),
        key.id(),
        key.scopes(),
        Optional.empty(),
        key.expiresAt(),
        new Credential.Key(key.id()));
  }

  /** The caller of an authenticated request. */
  public static Caller of(RoutingContext http) {
    return of(http.user());
  }

  /** The caller that a good credential stands for. */
  public static Caller of(User user) {
    return user.attributes().getValue(ATTRIBUTE) instanceof Caller caller ? caller : missing();
  }

  private static Caller missing() {
    throw new IllegalStateException("a request passed the gate without a caller");
  }

  /** As Vert.x Auth carries it. */
  public User user() {
    return User.create(
        new JsonObject()
            .put("sub", principal)
            .put("tenant", tenant)
            .put("scope", String.join(" ", scopes)),
        new JsonObject().put(ATTRIBUTE, this));
  }

  /** Refuses a caller without this scope. */
  public void need(String scope) {
    if (!scopes.contains(scope)) {
      throw lacking(scope).refusal();
    }
  }

  /** Refuses a caller that lacks any of these scopes. */
  public void needAll(Set<String> wanted) {
    wanted.stream().sorted().forEach(this::need);
  }

  /** Refuses a caller that could submit nothing, whatever it sends. */
  public void needToSubmit() {
    if (scopes.stream().noneMatch(scope -> scope.startsWith("ollama:"))) {
      throw lacking("ollama:chat").refusal();
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
        .with("The credential lacks the scope " + scope + ".")
        .member("scope", Json.MAPPER.getNodeFactory().textNode(scope))
        .header(
            "WWW-Authenticate",
            "Bearer realm=\"sluice\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
  }
}
