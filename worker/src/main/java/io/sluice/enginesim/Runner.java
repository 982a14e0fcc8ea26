package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loaded model: the child process of the real thing. Its references and times are guarded by the
 * {@link Scheduler}'s lock.
 */
final class Runner {
  /** Options that are baked into the process; another value means another process. */
  private static final List<String> BAKED =
      List.of("num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread", "draft_num_predict");

  private final CountDownLatch killed = new CountDownLatch(1);
  private final SimModel model;
  private final Settings settings;
  private final Slots slots;
  private final SimMemory.Placed placed;
  private volatile boolean hangs;
  private volatile boolean stuck;
  private final AtomicInteger answering = new AtomicInteger();
  int references;
  Instant expiresAt = Instant.MAX;
  Duration keepAlive = Duration.ofMinutes(5);

  /**
   * What a request asks of the process that serves it. What is not named is left to the server,
   * which need not choose what another request names; a negative num_gpu names nothing.
   */
  record Settings(int contextTokens, boolean shift, Map<String, String> options) {
    static Settings of(JsonNode options, boolean shift, SimModel model, SimConfig config) {
      int asked = options.path("num_ctx").asInt(config.contextTokens());
      Map<String, String> baked = new TreeMap<>();
      for (String name : BAKED) {
        if (options.hasNonNull(name)) {
          baked.put(name, options.get(name).asText());
        }
      }
      if (options.path("num_gpu").asInt(-1) < 0) {
        baked.remove("num_gpu");
      }
      return new Settings(Math.min(asked, model.trainedContext()), shift, baked);
    }
  }

  Runner(SimModel model, Settings settings, int slots, SimMemory.Placed placed) {
    this.model = model;
    this.settings = settings;
    this.slots = new Slots(slots);
    this.placed = placed;
  }

  SimModel model() {
    return model;
  }

  Settings settings() {
    return settings;
  }

  Slots slots() {
    return slots;
  }

  SimMemory.Placed placed() {
    return placed;
  }

  void beginsAnswer() {
    answering.incrementAndGet();
  }

  void endsAnswer() {
    answering.decrementAndGet();
  }

  /** Answers that are being generated. */
  int answering() {
    return answering.get();
  }

  boolean fits(Settings asked) {
    return settings.equals(asked);
  }

  /**
   * From now on nothing comes out of it.
   *
   * @param stuck whether it cannot be unloaded either
   */
  void hang(boolean stuck) {
    this.stuck |= stuck;
    hangs = true;
  }

  boolean hangs() {
    return hangs;
  }

  boolean isStuck() {
    return stuck;
  }

  void kill() {
    killed.countDown();
  }

  boolean isKilled() {
    return killed.getCount() == 0;
  }

  /**
   * Keeps busy for a time, client or not; ends early only when the process is killed.
   *
   * @return whether it was killed
   */
  boolean busyFor(Duration time) {
    try {
      return killed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }
}
