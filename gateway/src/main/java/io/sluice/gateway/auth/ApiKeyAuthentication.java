package io.sluice.gateway.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.ApiKey;
import io.sluice.Directory;
import io.sluice.auth.ApiKeys;
import io.vertx.core.Future;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.auth.authentication.Credentials;
import io.vertx.ext.auth.authentication.TokenCredentials;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Authentication by API key. Every refusal reads the same; a key that does not exist costs the same
 * work as a wrong one. What the directory said is remembered for half a second, so that a key that
 * was revoked stops within the second.
 */
public final class ApiKeyAuthentication implements AuthenticationProvider, Recheck {
  private static final Duration REMEMBERED = Duration.ofMillis(500);
  private static final long REMEMBERED_KEYS_MAX = 10_000;

  private static final ApiKey NOBODY = ApiKeys.generate("nobody", Set.of(), Instant.EPOCH).key();

  private final Directory directory;
  private final InstantSource clock;
  private final Cache<String, Optional<ApiKey>> keys =
      Caffeine.newBuilder()
          .expireAfterWrite(REMEMBERED)
          .maximumSize(REMEMBERED_KEYS_MAX)
          .executor(Runnable::run)
          .build();

  public ApiKeyAuthentication(Directory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  @Override
  public Future<Boolean> stands(Caller caller) {
    return caller.credential() instanceof Caller.Credential.Key(String id)
        ? find(id).map(key -> key.isPresent() && key.get().isValid(clock.instant()))
        : Future.succeededFuture(false);
  }

  @Override
  public Future<User> authenticate(Credentials credentials) {
    if (!(credentials instanceof TokenCredentials token)) {
      return refused();
    }
    Optional<ApiKeys.Presented> presented = ApiKeys.parse(token.getToken());
    return presented.isPresent() ? check(presented.get()) : refused();
  }

  private Future<User> check(ApiKeys.Presented presented) {
    return find(presented.id())
        .compose(
            known -> {
              ApiKey key = known.orElse(NOBODY);
              boolean same = ApiKeys.matches(presented, key);
              boolean valid = same && known.isPresent() && key.isValid(clock.instant());
              return valid ? Future.succeededFuture(Caller.of(key).user()) : refused();
            });
  }

  private Future<Optional<ApiKey>> find(String id) {
    Optional<Optional<ApiKey>> remembered = Optional.ofNullable(keys.getIfPresent(id));
    return remembered
        .map(Future::succeededFuture)
        .orElseGet(() -> directory.key(id).onSuccess(found -> keys.put(id, found)));
  }

  private static Future<User> refused() {
    return Future.failedFuture(InvalidCredential.refusal());
  }
}
