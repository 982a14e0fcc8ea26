package io.sluice.gateway.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.ApiKey;
import io.sluice.gateway.auth.BearerToken;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.InvalidCredential;
import io.sluice.gateway.auth.Recheck;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.token.InvalidToken.Cause;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.auth.authentication.Credentials;
import io.vertx.ext.auth.authentication.TokenCredentials;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Authentication by access token. A signature is checked once, on a worker; what was checked is
 * remembered until it ends, and each use asks again whether its key, its API key and its grant
 * still hold, which is remembered for half a second. Every refusal reads the same.
 */
final class TokenAuthentication implements AuthenticationProvider, Recheck {
  private static final Duration REMEMBERED = Duration.ofMillis(500);
  private static final int VERIFIED_MAX = 10_000;
  private static final int CHECKS_WAITING_MAX = 1_000;

  private final TokenPorts ports;
  private final TokenTrail trail;
  private final InstantSource clock;
  private final WorkerExecutor workers;
  private final CheckingKeys keys;
  private final TokenVerifier verifier;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Cache<String, Caller> verified =
      Caffeine.newBuilder()
          .maximumSize(VERIFIED_MAX)
          .expireAfterWrite(Claims.LIFE_MAX)
          .executor(Runnable::run)
          .build();
  private final Cache<Caller.Credential.AccessToken, Boolean> held =
      Caffeine.newBuilder()
          .maximumSize(VERIFIED_MAX)
          .expireAfterWrite(REMEMBERED)
          .executor(Runnable::run)
          .build();

  TokenAuthentication(
      TokenPorts ports,
      TokenTrail trail,
      InstantSource clock,
      WorkerExecutor workers,
      CheckingKeys keys,
      TokenVerifier verifier) {
    this.ports = ports;
    this.trail = trail;
    this.clock = clock;
    this.workers = workers;
    this.keys = keys;
    this.verifier = verifier;
  }

  @Override
  public Future<User> authenticate(Credentials credentials) {
    String text = credentials instanceof TokenCredentials it ? it.getToken() : "";
    String address = credentials instanceof BearerToken it ? it.address() : "";
    return caller(text)
        .map(Caller::user)
        .recover(e -> e instanceof InvalidToken invalid ? refused(invalid, address) : failed(e));
  }

  @Override
  public Future<Boolean> stands(Caller caller) {
    return live(caller);
  }

  /** Who a token is for; fails with {@link InvalidToken}. */
  Future<Caller> caller(String text) {
    Caller known = verified.getIfPresent(text);
    Future<Caller> caller = known != null ? Future.succeededFuture(known) : check(text);
    return caller.compose(
        it ->
            live(it)
                .compose(
                    lives ->
                        lives
                            ? Future.succeededFuture(it)
                            : Future.failedFuture(new InvalidToken(Cause.REVOKED))));
  }

  private Future<Caller> check(String text) {
    CompactToken token;
    try {
      token = CompactToken.parse(text);
    } catch (InvalidToken invalid) {
      return Future.failedFuture(invalid);
    }
    return keys.find(token)
        .compose(key -> verify(token, key))
        .onSuccess(caller -> verified.put(text, caller));
  }

  private Future<Caller> verify(CompactToken token, VerificationKey key) {
    if (waiting.incrementAndGet() > CHECKS_WAITING_MAX) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          ProblemCode.OVERLOADED
              .with("Too many tokens wait to be checked.")
              .retryAfter(Duration.ofSeconds(1))
              .refusal());
    }
    return workers
        .executeBlocking(() -> verifier.verify(token, key, clock.instant()), false)
        .onComplete(done -> waiting.decrementAndGet());
  }

  private Future<Boolean> live(Caller caller) {
    Instant now = clock.instant();
    boolean ended =
        caller.expiresAt().map(end -> !now.isBefore(end.plus(Claims.LEEWAY))).orElse(false);
    if (ended || !keys.holds(caller.credential(), now)) {
      return Future.succeededFuture(false);
    }
    return caller.credential() instanceof Caller.Credential.AccessToken token
        ? holds(token, caller.tenant())
        : Future.succeededFuture(true);
  }

  private Future<Boolean> holds(Caller.Credential.AccessToken token, String tenant) {
    Boolean known = held.getIfPresent(token);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    Future<Boolean> key =
        ports
            .keys()
            .key(token.keyId())
            .map(
                found ->
                    found
                        .filter((ApiKey it) -> it.isValid(clock.instant()))
                        .filter(it -> it.tenant().equals(tenant))
                        .isPresent());
    Future<Boolean> grant = ports.grants().holds(token.grantId(), token.tokenId());
    return Future.all(key, grant)
        .map(both -> key.result() && grant.result())
        .onSuccess(holds -> held.put(token, holds));
  }

  private Future<User> refused(InvalidToken invalid, String address) {
    trail.tokenRefused(invalid.why(), address);
    return Future.failedFuture(InvalidCredential.refusal());
  }

  private static Future<User> failed(Throwable e) {
    return Future.failedFuture(e);
  }
}
