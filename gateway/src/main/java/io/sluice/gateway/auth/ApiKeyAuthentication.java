package io.sluice.gateway.auth;

import io.sluice.Directory;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.auth.Denied.Cause;
import io.sluice.gateway.auth.Denied.Shown;
import io.vertx.core.Future;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.auth.authentication.Credentials;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Authentication by API key; fails with {@link Denied}. A key that does not exist costs the same
 * work as a wrong one. What the directory said is remembered for half a second, so that a key that
 * was revoked stops within the second.
 */
public final class ApiKeyAuthentication implements AuthenticationProvider, Recheck, Names {
  private final Directory directory;
  private final InstantSource clock;
  private final Remembered<String, KnownKey> keys = new Remembered<>();

  public ApiKeyAuthentication(Directory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  @Override
  public Future<Boolean> stands(Caller caller) {
    return caller.credential() instanceof Caller.Credential.Key(String id)
        ? find(id).map(key -> key.holds(clock.instant()))
        : Future.succeededFuture(false);
  }

  @Override
  public Optional<String> principal(String credential) {
    return ApiKeys.parse(credential).map(ApiKeys.Presented::id);
  }

  @Override
  public Future<User> authenticate(Credentials credentials) {
    if (!(credentials instanceof BearerToken token)) {
      return refused(Cause.MALFORMED, Optional.empty());
    }
    Optional<ApiKeys.Presented> presented = ApiKeys.parse(token.getToken());
    return presented.isPresent()
        ? check(presented.get(), token.address())
        : refused(Cause.MALFORMED, Optional.empty());
  }

  private Future<User> check(ApiKeys.Presented presented, String address) {
    return find(presented.id())
        .compose(
            known -> {
              Optional<Cause> fault = known.fault(presented, address, clock.instant());
              return fault.isPresent()
                  ? refused(fault.get(), Optional.of(presented.id()))
                  : Future.succeededFuture(Caller.of(known.key()).user());
            });
  }

  private Future<KnownKey> find(String id) {
    return keys.get(id, () -> directory.key(id).map(KnownKey::of));
  }

  private static Future<User> refused(Cause cause, Optional<String> keyId) {
    return Future.failedFuture(new Denied(Shown.KEY, cause, keyId));
  }
}
