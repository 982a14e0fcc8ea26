package io.sluice.redis;

import io.sluice.ApiKey;
import io.sluice.Directory;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory as two hashes, read anew each time, so that every gateway sees a change at once.
 */
final class RedisDirectory implements Directory {
  private static final Logger LOG = LoggerFactory.getLogger(RedisDirectory.class);
  private static final Duration REFRESH = Duration.ofSeconds(2);
  private static final int REMEMBERED_MAX = 10_000;

  private final Connection redis;
  private final Map<String, ApiKey> remembered = new ConcurrentHashMap<>();
  private final AtomicBoolean used = new AtomicBoolean();

  RedisDirectory(Connection redis) {
    this.redis = redis;
  }

  @Override
  public Future<Optional<ApiKey>> key(String id) {
    if (used.compareAndSet(false, true)) {
      redis.every(REFRESH, this::refresh);
    }
    return redis.call(Script.KEY, id).compose(reply -> seen(id, key(reply, 0)));
  }

  private Future<Optional<ApiKey>> seen(String id, Optional<ApiKey> found) {
    if (found.isPresent()) {
      remember(found.get());
      return Future.succeededFuture(found);
    }
    Optional<ApiKey> lost = Optional.ofNullable(remembered.get(id));
    return lost.isEmpty() ? Future.succeededFuture(lost) : put(lost.get()).map(added -> lost);
  }

  private void remember(ApiKey key) {
    if (remembered.size() < REMEMBERED_MAX || remembered.containsKey(key.id())) {
      remembered.put(key.id(), key);
    }
  }

  private void refresh() {
    keys().compose(this::putBack).onFailure(e -> LOG.debug("keys: {}", e.getMessage()));
  }

  private Future<Void> putBack(List<ApiKey> there) {
    there.forEach(this::remember);
    Set<String> ids = there.stream().map(ApiKey::id).collect(Collectors.toSet());
    List<ApiKey> lost =
        remembered.values().stream().filter(key -> !ids.contains(key.id())).toList();
    if (!lost.isEmpty()) {
      LOG.warn("{} API keys were lost from Redis and are put back", lost.size());
    }
    return Future.all(lost.stream().map(this::put).toList()).mapEmpty();
  }

  private static Optional<ApiKey> key(Reply reply, int at) {
    return reply
        .optional(at)
        .map(json -> ApiKeyCodec.read(json, reply.instant(at + 1), reply.optional(at + 2)));
  }

  @Override
  public Future<Void> add(ApiKey key) {
    return put(key)
        .compose(
            added ->
                added
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new IllegalArgumentException("there is a key " + key.id())));
  }

  private Future<Boolean> put(ApiKey key) {
    String revoked = key.revokedAt().map(at -> String.valueOf(at.toEpochMilli())).orElse("");
    return redis
        .call(Script.ADD_KEY, key.id(), ApiKeyCodec.write(key), revoked)
        .map(reply -> reply.number(0) == 1);
  }

  @Override
  public Future<List<ApiKey>> keys() {
    return redis.call(Script.KEYS).map(RedisDirectory::keys);
  }

  private static List<ApiKey> keys(Reply reply) {
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < reply.size(); i += 3) {
      key(reply, i).ifPresent(keys::add);
    }
    keys.sort(Comparator.comparing(ApiKey::createdAt).thenComparing(ApiKey::id));
    return keys;
  }

  @Override
  public Future<Boolean> revoke(String id, Instant now) {
    return redis.call(Script.REVOKE, id, now.toEpochMilli()).map(reply -> reply.number(0) == 1);
  }

  @Override
  public Future<Void> used(Map<String, ApiKey.LastUse> uses) {
    if (uses.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Object> arguments = new ArrayList<>();
    uses.forEach(
        (id, use) -> arguments.addAll(List.of(id, use.at().toEpochMilli(), use.address())));
    return redis.call(Script.USED_KEYS, arguments.toArray()).mapEmpty();
  }
}
