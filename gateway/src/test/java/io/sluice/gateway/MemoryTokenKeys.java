package io.sluice.gateway;

import io.sluice.TokenKey;
import io.sluice.TokenKeys;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys of tokens in memory. */
final class MemoryTokenKeys implements TokenKeys {
  private final List<TokenKey> keys = new ArrayList<>();
  volatile boolean away;

  @Override
  public synchronized Future<List<TokenKey>> keys() {
    if (away) {
      return Future.failedFuture(new Unavailable("store", "taken away by the test"));
    }
    return Future.succeededFuture(List.copyOf(keys));
  }

  @Override
  public synchronized Future<Boolean> succeed(Optional<String> newest, TokenKey next) {
    Optional<String> last =
        keys.reversed().stream()
            .filter(key -> key.use() == TokenKey.Use.SIGNING)
            .findFirst()
            .map(TokenKey::kid);
    if (!last.equals(newest)) {
      return Future.succeededFuture(last.equals(Optional.of(next.kid())));
    }
    keys.add(next);
    return Future.succeededFuture(true);
  }

  @Override
  public synchronized Future<Void> add(TokenKey key) {
    keys.add(key);
    return Future.succeededFuture();
  }

  @Override
  public synchronized Future<Boolean> revoke(String kid, Instant now) {
    boolean revoked = false;
    for (int i = 0; i < keys.size(); i++) {
      TokenKey key = keys.get(i);
      if (key.kid().equals(kid) && key.revokedAt().isEmpty()) {
        keys.set(i, key.revoked(now));
        revoked = true;
      }
    }
    return Future.succeededFuture(revoked);
  }
}
