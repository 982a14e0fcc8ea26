package io.sluice.redis;

import io.sluice.Conversation;
import io.sluice.WarmSessions;
import io.sluice.codec.Sha256;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Conversations as keys that end by themselves; see warm_served.lua. */
final class RedisWarmSessions implements WarmSessions {
  private final Scripts redis;

  RedisWarmSessions(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<Void> served(Conversation conversation, String worker, int tokens) {
    return redis
        .call(Script.WARM_SERVED, digest(conversation), worker, tokens, LIFE.toMillis())
        .mapEmpty();
  }

  @Override
  public Future<Optional<Host>> find(Conversation conversation) {
    return redis
        .call(Script.WARM_FIND, digest(conversation))
        .map(reply -> reply.isEmpty() ? Optional.empty() : Optional.of(host(reply)));
  }

  private static Host host(Reply reply) {
    Optional<Duration> wait =
        Optional.of(reply.text(3))
            .filter(known -> !known.isEmpty())
            .map(known -> Duration.ofMillis(Long.parseLong(known)));
    return new Host(
        reply.text(0), Integer.parseInt(reply.text(1)), Integer.parseInt(reply.text(2)), wait);
  }

  /** Sessions may hold anything, and be long. */
  private static String digest(Conversation it) {
    String text = it.pool() + "\n" + it.tenant() + "\n" + it.session();
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
  }
}
