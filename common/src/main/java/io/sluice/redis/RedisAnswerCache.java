package io.sluice.redis;

import io.sluice.AnswerCache;
import io.sluice.Sharing;
import io.sluice.codec.SharingCodec;
import io.vertx.core.Future;
import java.util.Optional;

/** What the scripts on jobs keep of answers. */
final class RedisAnswerCache implements AnswerCache {
  private static final int LOOKS_PER_CALL = 500;

  private final Scripts redis;

  RedisAnswerCache(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<Boolean> holds(Sharing sharing) {
    return redis
        .call(Script.HOLDS_ANSWER, SharingCodec.write(sharing))
        .map(reply -> reply.number(0) == 1);
  }

  @Override
  public Future<Size> size() {
    return redis.call(Script.ANSWERS_SIZE).map(reply -> new Size(reply.number(0), reply.number(1)));
  }

  @Override
  public Future<Integer> forget(Optional<String> tenant) {
    return forget(tenant.orElse(""), 0, 0);
  }

  /** One call after the other, since each holds the whole server up. */
  private Future<Integer> forget(String tenant, long from, int before) {
    return redis
        .call(Script.FORGET_ANSWERS, tenant, from, LOOKS_PER_CALL)
        .compose(
            reply -> {
              int forgotten = before + (int) reply.number(1);
              long next = from + reply.number(0) - reply.number(1);
              return reply.number(0) < LOOKS_PER_CALL
                  ? Future.succeededFuture(forgotten)
                  : forget(tenant, next, forgotten);
            });
  }
}
