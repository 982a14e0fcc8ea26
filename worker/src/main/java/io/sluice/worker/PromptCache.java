package io.sluice.worker;

import io.sluice.Conversation;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The conversations whose prompts an engine still has in its cache, as far as its worker can know.
 * Those served longest ago go first. Safe from any thread.
 */
final class PromptCache {
  private final Bounds bounds;
  private final LongSupplier nanos;

  // Guarded by this.
  private final Map<Conversation, Kept> kept = new LinkedHashMap<>();
  private long tokens;

  /**
   * How much an engine keeps beside what its slots hold.
   *
   * @param tokens of all conversations
   * @param conversations at most
   * @param life after its last turn a conversation is forgotten
   */
  record Bounds(long tokens, int conversations, Duration life) {
    /**
     * llama-server keeps 8,192 MiB of prompts in the host's memory; one more conversation than fits
     * makes every one miss in turn (ollama issue 18072). At the 160 KiB a token of Qwen3-14B.
     */
    static final Bounds DEFAULT = new Bounds(8_192L * 1024 / 160, 1024, Duration.ofMinutes(30));
  }

  private record Kept(int tokens, long servedAtNanos) {}

  /**
   * @param nanos a clock that only runs forward
   */
  PromptCache(Bounds bounds, LongSupplier nanos) {
    this.bounds = bounds;
    this.nanos = nanos;
  }

  /** A turn ended with so many tokens in the cache that the next one begins with. */
  synchronized void served(Conversation conversation, int length) {
    remove(conversation);
    kept.put(conversation, new Kept(length, nanos.getAsLong()));
    tokens += length;
    Iterator<Kept> oldest = kept.values().iterator();
    while (oldest.hasNext() && (tokens > bounds.tokens() || kept.size() > bounds.conversations())) {
      tokens -= oldest.next().tokens();
      oldest.remove();
    }
  }

  /** Tokens of the conversation that are in the cache; 0 if none are known to be. */
  synchronized int tokens(Conversation conversation) {
    Kept last = kept.get(conversation);
    if (last == null) {
      return 0;
    }
    if (nanos.getAsLong() - last.servedAtNanos() > bounds.life().toNanos()) {
      remove(conversation);
      return 0;
    }
    return last.tokens();
  }

  /** The engine has lost its cache, or may have. */
  synchronized void clear() {
    kept.clear();
    tokens = 0;
  }

  private void remove(Conversation conversation) {
    Kept last = kept.remove(conversation);
    tokens -= last == null ? 0 : last.tokens();
  }
}
