package io.sluice.gateway.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.gateway.auth.BearerToken;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.Denied.Cause;
import io.sluice.gateway.auth.KeyRanges;
import io.sluice.gateway.auth.KnownKey;
import io.sluice.gateway.auth.Names;
import io.sluice.gateway.auth.Recheck;
import io.sluice.gateway.auth.Remembered;
import io.vertx.core.Future;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.auth.authentication.Credentials;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Authentication by access token. A signature is checked once, on a worker; what was checked is
 * remembered until it ends, and each use asks again whether its key, its API key and its grant
 * still hold, which is remembered for half a second.
 */
final class TokenAuthentication implements AuthenticationProvider, Recheck, Names {
  private static final int VERIFIED_MAX = 10_000;

  private final TokenPorts ports;
  private final InstantSource clock;
  private final SignatureWork signatures;
  private final CheckingKeys keys;
  private final TokenVerifier verifier;
  private final Cache<String, Caller> verified =
      Caffeine.newBuilder()
          .maximumSize(VERIFIED_MAX)
          .expireAfterWrite(Claims.LIFE_MAX)
          .executor(Runnable::run)
          .build();
  private final Remembered<Caller.Credential.AccessToken, Held> held = new Remembered<>();

  TokenAuthentication(
      TokenPorts ports,
      InstantSource clock,
      SignatureWork signatures,
      CheckingKeys keys,
      TokenVerifier verifier) {
    this.ports = ports;
    this.clock = clock;
    this.signatures = signatures;
    this.keys = keys;
    this.verifier = verifier;
  }

  /** Fails with {@link io.sluice.gateway.auth.Denied}. */
  @Override
  public Future<User> authenticate(Credentials credentials) {
    BearerToken token = (BearerToken) credentials;
    return find(token.getToken())
        .compose(caller -> live(caller).compose(key -> from(caller, key, token.address())))
        .map(Caller::user)
        .recover(e -> Future.failedFuture(e instanceof InvalidToken it ? it.denied() : e));
  }

  @Override
  public Future<Boolean> stands(Caller caller) {
    return live(caller)
        .map(true)
        .recover(
            e ->
                e instanceof InvalidToken ? Future.succeededFuture(false) : Future.failedFuture(e));
  }

  /** Known of tokens that were checked here before. */
  @Override
  public Optional<String> principal(String credential) {
    return Optional.ofNullable(verified.getIfPresent(credential)).map(Caller::principal);
  }

  /** Checks a token that was just made, so that it is known when it is first used. */
  Future<Void> remember(String text) {
    return check(text).mapEmpty();
  }

  /** Who a token is for, wherever it is shown; fails with {@link InvalidToken}. */
  Future<Caller> caller(String text) {
    return find(text).compose(caller -> live(caller).map(caller));
  }

  private Future<Caller> find(String text) {
    Caller known = verified.getIfPresent(text);
    return known != null ? Future.succeededFuture(known) : check(text);
  }

  private static Future<Caller> from(Caller caller, KeyRanges ranges, String address) {
    return ranges.contain(address) ? Future.succeededFuture(caller) : invalid(Cause.RANGE, caller);
  }

  private Future<Caller> check(String text) {
    CompactToken token;
    try {
      token = CompactToken.parse(text);
    } catch (InvalidToken invalid) {
      return Future.failedFuture(invalid);
    }
    return keys.find(token)
        .compose(key -> signatures.run(() -> verifier.verify(token, key, clock.instant())))
        .onSuccess(caller -> verified.put(text, caller));
  }

  /** Fails with {@link InvalidToken} unless it holds; tells from where it does. */
  private Future<KeyRanges> live(Caller caller) {
    Instant now = clock.instant();
    if (caller.expiresAt().map(end -> !now.isBefore(end.plus(Claims.LEEWAY))).orElse(false)) {
      return invalid(Cause.EXPIRED, caller);
    }
    if (!keys.holds(caller.credential(), now)) {
      return invalid(Cause.REVOKED, caller);
    }
    return caller.credential() instanceof Caller.Credential.AccessToken token
        ? holds(token, caller)
        : Future.succeededFuture(KeyRanges.ANYWHERE);
  }

  private Future<KeyRanges> holds(Caller.Credential.AccessToken token, Caller caller) {
    return held.get(token, () -> look(token, caller.tenant()))
        .compose(
            it ->
                it.holds() ? Future.succeededFuture(it.ranges()) : invalid(Cause.REVOKED, caller));
  }

  private Future<Held> look(Caller.Credential.AccessToken token, String tenant) {
    Future<KnownKey> key = ports.keys().key(token.keyId()).map(KnownKey::of);
    Future<Boolean> grant = ports.grants().holds(token.grantId(), token.tokenId());
    return Future.all(key, grant)
        .map(
            both ->
                new Held(
                    grant.result()
                        && key.result().holds(clock.instant())
                        && key.result().key().tenant().equals(tenant),
                    key.result().ranges()));
  }

  private static <T> Future<T> invalid(Cause cause, Caller caller) {
    return Future.failedFuture(new InvalidToken(cause, caller.credential().apiKey()));
  }

  /** Whether the key and the grant of a token hold, and from where the key works. */
  private record Held(boolean holds, KeyRanges ranges) {}
}
