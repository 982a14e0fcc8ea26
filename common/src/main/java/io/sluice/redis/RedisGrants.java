package io.sluice.redis;

import io.sluice.Grant;
import io.sluice.Grants;
import io.sluice.codec.GrantCodec;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** Grants as hashes that end by themselves; one script per decision. */
final class RedisGrants implements Grants {
  private final Scripts redis;

  RedisGrants(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<Void> open(Grant grant, String tokenHash) {
    return redis
        .call(
            Script.OPEN_GRANT,
            grant.id(),
            GrantCodec.write(grant),
            grant.expiresAt().toEpochMilli(),
            grant.idle().toMillis(),
            tokenHash,
            grant.keyId(),
            OPEN_PER_KEY_MAX,
            TOKENS_MAX)
        .mapEmpty();
  }

  @Override
  public Future<Optional<Grant>> find(String tokenHash) {
    return redis.call(Script.FIND_GRANT, tokenHash).map(RedisGrants::grant);
  }

  @Override
  public Future<Rotation> rotate(String tokenHash, String salt, String successorHash) {
    return redis
        .call(Script.ROTATE_GRANT, tokenHash, salt, successorHash, GRACE.toMillis(), TOKENS_MAX)
        .map(RedisGrants::rotation);
  }

  private static Rotation rotation(Reply reply) {
    return switch (reply.text(0)) {
      case "rotated" -> new Rotation.Rotated(GrantCodec.read(reply.text(1)));
      case "repeated" -> new Rotation.Repeated(GrantCodec.read(reply.text(1)), reply.text(2));
      case "reused" -> new Rotation.Reused(GrantCodec.read(reply.text(1)));
      case "refused" -> new Rotation.Refused();
      default -> throw reply.unknown();
    };
  }

  @Override
  public Future<Optional<Grant>> revoke(String tokenHash) {
    return redis.call(Script.REVOKE_GRANT, tokenHash).map(RedisGrants::grant);
  }

  private static Optional<Grant> grant(Reply reply) {
    return reply.isEmpty() ? Optional.empty() : Optional.of(GrantCodec.read(reply.text(0)));
  }

  @Override
  public Future<Void> deny(String tokenId, Instant until) {
    return redis.call(Script.DENY_TOKEN, tokenId, until.toEpochMilli()).mapEmpty();
  }

  @Override
  public Future<Boolean> holds(String grantId, String tokenId) {
    return redis.call(Script.GRANT_HOLDS, grantId, tokenId).map(reply -> reply.number(0) == 1);
  }
}
