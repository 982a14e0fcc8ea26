package io.sluice.enginesim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens; read as {@link SimStats}. Safe from any thread. */
final class Tally {
  private static final int PROMPTS_MAX = 100_000;
  private static final int PROMPT_CHARS_MAX = 200;

  final LongAdder completed = new LongAdder();
  final LongAdder cancelled = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder loads = new LongAdder();
  final LongAdder reloads = new LongAdder();
  final LongAdder abortedLoads = new LongAdder();
  final LongAdder tokens = new LongAdder();
  final LongAdder readTokens = new LongAdder();
  final LongAdder cachedTokens = new LongAdder();
  final LongAdder truncated = new LongAdder();

  private final LongAdder requests = new LongAdder();
  private final Gauge running = new Gauge();
  private final Gauge open = new Gauge();
  private final AtomicLong heldMax = new AtomicLong();
  private final Map<String, Integer> runs = new ConcurrentHashMap<>();

  /**
   * @return which run of this prompt it is, from 1
   */
  int opened(String prompt) {
    requests.increment();
    open.up();
    String key = key(prompt);
    if (runs.size() >= PROMPTS_MAX && !runs.containsKey(key)) {
      return 1;
    }
    return runs.merge(key, 1, Integer::sum);
  }

  void closed() {
    open.down();
  }

  void started() {
    running.up();
  }

  void stopped() {
    running.down();
  }

  /** Tokens of the cache that are held now. */
  void held(long tokens) {
    heldMax.accumulateAndGet(tokens, Math::max);
  }

  int runs(String prompt) {
    return runs.getOrDefault(key(prompt), 0);
  }

  SimStats stats() {
    return new SimStats(
        requests.sum(),
        running.now.get(),
        running.max.get(),
        open.now.get(),
        open.max.get(),
        completed.sum(),
        cancelled.sum(),
        failed.sum(),
        loads.sum(),
        reloads.sum(),
        abortedLoads.sum(),
        tokens.sum(),
        readTokens.sum(),
        cachedTokens.sum(),
        heldMax.get(),
        truncated.sum());
  }

  /** How often each prompt ran, by its first characters. */
  ObjectNode runs() {
    ObjectNode all = Json.object();
    new TreeMap<>(runs).forEach(all::put);
    return all;
  }

  private static String key(String prompt) {
    return prompt.length() <= PROMPT_CHARS_MAX ? prompt : prompt.substring(0, PROMPT_CHARS_MAX);
  }

  private static final class Gauge {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger max = new AtomicInteger();

    void up() {
      max.accumulateAndGet(now.incrementAndGet(), Math::max);
    }

    void down() {
      now.decrementAndGet();
    }
  }
}
