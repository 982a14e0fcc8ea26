package io.sluice.redis;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Channels that are joined once, when first needed, and asked for again until each is joined. The
 * client library joins them anew after it lost its connection.
 */
final class Channels {
  private static final Logger LOG = LoggerFactory.getLogger(Channels.class);
  private static final Duration RETRY = Duration.ofMillis(500);

  private final Connection redis;
  private final List<String> names;
  private final Consumer<String> message;
  private final Runnable joined;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean started = new AtomicBoolean();

  /**
   * @param joined runs whenever a channel is joined: what was published before may be lost
   */
  Channels(Connection redis, List<String> names, Consumer<String> message, Runnable joined) {
    this.redis = redis;
    this.names = names;
    this.message = message;
    this.joined = joined;
  }

  void join() {
    if (started.compareAndSet(false, true)) {
      ask();
      redis.every(RETRY, this::ask);
    }
  }

  private void ask() {
    for (String name : names) {
      if (asked.add(name)) {
        redis.listen(name, message, joined).onFailure(error -> refused(name, error));
      }
    }
  }

  private void refused(String name, Throwable error) {
    LOG.debug("channel {} not joined yet: {}", name, error.getMessage());
    asked.remove(name);
  }
}
