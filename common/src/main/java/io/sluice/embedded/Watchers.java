package io.sluice.embedded;

import io.sluice.Subscription;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to know when something changes. */
final class Watchers<K> {
  private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

  private final Map<K, List<Watcher>> watching = new ConcurrentHashMap<>();

  /** Calls {@code wake} after a change of any of these things, until it is closed. */
  Subscription watch(Collection<K> things, Runnable wake) {
    Watcher watcher = new Watcher(wake);
    for (K thing : things) {
      watching.merge(
          thing,
          List.of(watcher),
          (before, added) -> Stream.concat(before.stream(), added.stream()).toList());
    }
    return () -> {
      watcher.close();
      things.forEach(thing -> forget(thing, watcher));
    };
  }

  private void forget(K thing, Watcher watcher) {
    watching.computeIfPresent(
        thing,
        (same, watchers) -> {
          List<Watcher> rest = watchers.stream().filter(one -> one != watcher).toList();
          return rest.isEmpty() ? null : rest;
        });
  }

  void wake(K thing) {
    watching.getOrDefault(thing, List.of()).forEach(Watcher::wake);
  }

  /** Locked, so that nothing is called any more once it was closed. */
  private static final class Watcher {
    private final Runnable wake;
    private boolean closed;

    private Watcher(Runnable wake) {
      this.wake = wake;
    }

    private synchronized void wake() {
      if (closed) {
        return;
      }
      try {
        wake.run();
      } catch (RuntimeException e) {
        LOG.warn("A watcher failed", e);
      }
    }

    private synchronized void close() {
      closed = true;
    }
  }
}
