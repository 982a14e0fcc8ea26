package io.sluice.redis;

import io.sluice.ApiKey;
import io.sluice.Directory;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The directory as two hashes, read anew each time, so that every gateway sees a change at once.
 */
final class RedisDirectory implements Directory {
  private final Connection redis;

  RedisDirectory(Connection redis) {
    this.redis = redis;
  }

  @Override
  public Future<Optional<ApiKey>> key(String id) {
    return redis.call(Script.KEY, id).map(reply -> key(reply, 0));
  }

  private static Optional<ApiKey> key(Reply reply, int at) {
    return reply.optional(at).map(json -> ApiKeyCodec.read(json, reply.instant(at + 1)));
  }

  @Override
  public Future<Void> add(ApiKey key) {
    String revoked = key.revokedAt().map(at -> String.valueOf(at.toEpochMilli())).orElse("");
    return redis
        .call(Script.ADD_KEY, key.id(), ApiKeyCodec.write(key), revoked)
        .compose(
            reply ->
                reply.number(0) == 1
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new IllegalArgumentException("there is a key " + key.id())));
  }

  @Override
  public Future<List<ApiKey>> keys() {
    return redis.call(Script.KEYS).map(RedisDirectory::keys);
  }

  private static List<ApiKey> keys(Reply reply) {
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < reply.size(); i += 2) {
      key(reply, i).ifPresent(keys::add);
    }
    keys.sort(Comparator.comparing(ApiKey::createdAt).thenComparing(ApiKey::id));
    return keys;
  }

  @Override
  public Future<Boolean> revoke(String id, Instant now) {
    return redis.call(Script.REVOKE, id, now.toEpochMilli()).map(reply -> reply.number(0) == 1);
  }
}
