package io.sluice.redis;

import io.sluice.JobId;
import io.sluice.Subscription;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who watches which job in this process. Wake-ups come over eight channels that carry ids; they get
 * lost when a connection does, so a sweep looks at every watched job besides, in chunks, and wakes
 * those that moved since its last look.
 */
final class Wakes {
  private static final Logger LOG = LoggerFactory.getLogger(Wakes.class);
  private static final int CHANNELS = 8;
  private static final int WATCHES_MAX = 100_000;
  private static final int CHUNK = 200;

  /** With the time that the sweep takes, a lost wake-up is made up for within 2 seconds. */
  private static final Duration PAUSE = Duration.ofMillis(1500);

  private final Connection redis;
  private final Channels channels;
  private final Map<String, Watched> jobs = new ConcurrentHashMap<>();
  private final AtomicInteger watches = new AtomicInteger();
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean sweeping = new AtomicBoolean();

  Wakes(Connection redis) {
    this.redis = redis;
    this.channels =
        new Channels(
            redis,
            IntStream.range(0, CHANNELS).mapToObj(i -> "sluice:wake:" + i).toList(),
            this::wake,
            () -> jobs.keySet().forEach(this::wake));
  }

  Subscription watch(JobId id, Runnable wake) {
    if (watches.incrementAndGet() > WATCHES_MAX) {
      watches.decrementAndGet();
      throw new Unavailable(Errors.PART, "more than " + WATCHES_MAX + " watches");
    }
    Watch[] self = new Watch[1];
    self[0] = new Watch(wake, () -> leave(id.value(), self[0]));
    jobs.compute(id.value(), (key, job) -> (job == null ? Watched.NEW : job).with(self[0]));
    if (started.compareAndSet(false, true)) {
      channels.join();
      redis.every(PAUSE, this::sweep);
    }
    return self[0];
  }

  private void leave(String id, Watch watch) {
    watches.decrementAndGet();
    jobs.computeIfPresent(id, (key, job) -> job.without(watch).orElse(null));
  }

  private void wake(String id) {
    Watched job = jobs.get(id);
    if (job != null) {
      job.watches().forEach(Watch::run);
    }
  }

  private void sweep() {
    if (jobs.isEmpty() || !sweeping.compareAndSet(false, true)) {
      return;
    }
    look(List.copyOf(jobs.keySet()), 0)
        .onFailure(error -> LOG.debug("sweep of watched jobs: {}", error.getMessage()))
        .onComplete(done -> sweeping.set(false));
  }

  /** One chunk after the other, so that the sweep never holds more than one call. */
  private Future<Void> look(List<String> ids, int from) {
    if (from >= ids.size()) {
      return Future.succeededFuture();
    }
    List<String> chunk = ids.subList(from, Math.min(ids.size(), from + CHUNK));
    return redis
        .call(Script.MOVED, chunk.toArray())
        .compose(
            marks -> {
              for (int i = 0; i < chunk.size(); i++) {
                compare(chunk.get(i), marks.text(i));
              }
              return look(ids, from + CHUNK);
            });
  }

  private void compare(String id, String mark) {
    Watched before = jobs.get(id);
    jobs.computeIfPresent(id, (key, job) -> new Watched(job.watches(), mark));
    if (before != null && !before.mark().equals(mark)) {
      wake(id);
    }
  }

  /**
   * A watched job.
   *
   * @param mark what the sweep saw last; nothing for a new watch, so that what happened before the
   *     channels were joined is made up for
   */
  private record Watched(List<Watch> watches, String mark) {
    static final Watched NEW = new Watched(List.of(), "");

    Watched with(Watch watch) {
      List<Watch> all = new ArrayList<>(watches);
      all.add(watch);
      return new Watched(List.copyOf(all), "");
    }

    Optional<Watched> without(Watch watch) {
      List<Watch> rest = watches.stream().filter(it -> it != watch).toList();
      return rest.isEmpty() ? Optional.empty() : Optional.of(new Watched(rest, mark));
    }
  }
}
