package io.sluice.redis;

import io.sluice.TokenKey;
import io.sluice.TokenKeys;
import io.sluice.codec.TokenKeyCodec;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of tokens as a hash. Keys that this process has seen and that were lost are put back, so
 * that tokens outlive a wipe as API keys do.
 */
final class RedisTokenKeys implements TokenKeys {
  private static final Logger LOG = LoggerFactory.getLogger(RedisTokenKeys.class);
  private static final int REMEMBERED_MAX = 10_000;
  private static final Comparator<TokenKey> OLDEST_FIRST =
      Comparator.comparing(TokenKey::createdAt).thenComparing(TokenKey::kid);

  private final Scripts redis;
  private final Map<String, TokenKey> remembered = new ConcurrentHashMap<>();

  RedisTokenKeys(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<List<TokenKey>> keys() {
    return redis.call(Script.TOKEN_KEYS).map(RedisTokenKeys::keys).compose(this::withLost);
  }

  private static List<TokenKey> keys(Reply reply) {
    List<TokenKey> keys = new ArrayList<>();
    for (int i = 0; i < reply.size(); i += 2) {
      keys.add(TokenKeyCodec.read(reply.text(i), reply.instant(i + 1)));
    }
    keys.sort(OLDEST_FIRST);
    return keys;
  }

  private Future<List<TokenKey>> withLost(List<TokenKey> there) {
    Set<String> kids = there.stream().map(TokenKey::kid).collect(Collectors.toSet());
    Instant now = Instant.now();
    remembered.values().removeIf(key -> !now.isBefore(key.expiresAt()));
    List<TokenKey> lost =
        remembered.values().stream()
            .filter(key -> !kids.contains(key.kid()))
            .sorted(OLDEST_FIRST)
            .toList();
    there.forEach(this::remember);
    if (lost.isEmpty()) {
      return Future.succeededFuture(there);
    }
    LOG.warn("{} keys of tokens were lost from Redis and are put back", lost.size());
    List<TokenKey> all = new ArrayList<>(there);
    all.addAll(lost);
    all.sort(OLDEST_FIRST);
    return Future.all(lost.stream().map(key -> add(key, "put_back", "")).toList())
        .map(List.copyOf(all));
  }

  /** A revocation that was seen once is never forgotten. */
  private void remember(TokenKey key) {
    if (remembered.size() < REMEMBERED_MAX || remembered.containsKey(key.kid())) {
      remembered.merge(
          key.kid(), key, (old, seen) -> old.revokedAt().map(at -> revoked(seen, at)).orElse(seen));
    }
  }

  private static TokenKey revoked(TokenKey key, Instant at) {
    return key.revokedAt().isPresent() ? key : key.revoked(at);
  }

  @Override
  public Future<Boolean> succeed(Optional<String> newest, TokenKey next) {
    return add(next, "newest", newest.orElse(""));
  }

  @Override
  public Future<Void> add(TokenKey key) {
    return add(key, "any", "")
        .compose(
            added ->
                added
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new IllegalArgumentException("there is a key " + key.kid())));
  }

  private Future<Boolean> add(TokenKey key, String when, String newest) {
    return redis
        .call(
            Script.ADD_TOKEN_KEY,
            key.kid(),
            TokenKeyCodec.write(key),
            key.createdAt().toEpochMilli(),
            key.expiresAt().toEpochMilli(),
            when,
            newest,
            key.revokedAt().map(at -> String.valueOf(at.toEpochMilli())).orElse(""),
            key.use() == TokenKey.Use.SIGNING ? 1 : 0)
        .map(reply -> reply.number(0) == 1);
  }

  @Override
  public Future<Boolean> revoke(String kid, Instant now) {
    return redis
        .call(Script.REVOKE_TOKEN_KEY, kid, now.toEpochMilli())
        .map(reply -> reply.number(0) == 1)
        .onSuccess(revoked -> remembered.computeIfPresent(kid, (same, key) -> revoked(key, now)));
  }
}
