package io.sluice.gateway.token;

import static io.sluice.gateway.token.InvalidToken.require;

import io.sluice.ApiKey;
import io.sluice.Tenant;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.Denied.Cause;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Checks a token with its key (RFC 8725, RFC 9068 section 4). Slow: not for an event loop. */
final class TokenVerifier {
  private static final Set<String> OWN_TYPES = Set.of("at+jwt", "application/at+jwt");
  private static final Set<String> FOREIGN_TYPES = Set.of("JWT", "at+jwt", "application/at+jwt");

  private final TokenConfig config;

  TokenVerifier(TokenConfig config) {
    this.config = config;
  }

  /**
   * Who the token is for, or {@link InvalidToken}. The algorithm is the key's, never the token's.
   */
  Caller verify(CompactToken token, VerificationKey key, Instant now) {
    require(key.algorithm().wireName().equals(token.algorithm()), Cause.ALGORITHM);
    require(key.check().passes(token.signed(), token.signature()), Cause.SIGNATURE);
    Claims claims = new Claims(token.claims());
    return switch (key.rules()) {
      case VerificationKey.Rules.Own own -> own(token, claims, now);
      case VerificationKey.Rules.OfTenant(String tenant) -> ofTenant(token, claims, tenant, now);
      case VerificationKey.Rules.Outside(OutsideIssuer issuer) ->
          outside(token, claims, issuer, now);
    };
  }

  private Caller own(CompactToken token, Claims claims, Instant now) {
    require(token.type().filter(OWN_TYPES::contains).isPresent(), Cause.TYPE);
    claims.issuer(config.issuer());
    claims.audience(config.audience());
    Instant end = claims.expiry(now);
    String tenant = claims.name("tenant");
    require(tenant.matches(Tenant.NAME_FORM), Cause.CLAIMS);
    String key = claims.name("client_id");
    require(claims.name("sub").equals(key), Cause.CLAIMS);
    String grant = claims.name("sid");
    return new Caller(
        tenant,
        key,
        claims.scopes(),
        Optional.of(grant),
        Optional.of(end),
        new Caller.Credential.AccessToken(key, grant, claims.name("jti"), token.kid()));
  }

  /**
   * A team that mints its own: who is in the team is the team's business, whose team is the key's.
   */
  private Caller ofTenant(CompactToken token, Claims claims, String tenant, Instant now) {
    require(token.type().map(FOREIGN_TYPES::contains).orElse(true), Cause.TYPE);
    if (claims.json().has("iss")) {
      claims.issuer(tenant);
    }
    if (claims.json().has("aud")) {
      claims.audience(config.audience());
    }
    if (claims.json().has("tenant")) {
      require(claims.name("tenant").equals(tenant), Cause.CLAIMS);
    }
    return foreign(claims, tenant, tenant, token.kid(), now);
  }

  private Caller outside(CompactToken token, Claims claims, OutsideIssuer issuer, Instant now) {
    require(token.type().map(FOREIGN_TYPES::contains).orElse(true), Cause.TYPE);
    claims.issuer(issuer.issuer());
    claims.audience(issuer.audience());
    return foreign(claims, issuer.tenant(), issuer.issuer(), token.kid(), now);
  }

  /** Scopes that are not Sluice's mean nothing here; {@code admin} is never given from outside. */
  private static Caller foreign(
      Claims claims, String tenant, String issuer, String kid, Instant now) {
    Instant end = claims.expiry(now);
    Set<String> scopes = new HashSet<>(claims.scopes());
    scopes.retainAll(ApiKey.ALL_SCOPES);
    scopes.remove("admin");
    return new Caller(
        tenant,
        issuer + ":" + claims.name("sub"),
        scopes,
        claims.optionalName("sid"),
        Optional.of(end),
        new Caller.Credential.ForeignToken(issuer, kid));
  }
}
