package io.sluice.worker.ollama;

import io.sluice.Pool;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The context at which each model is loaded. Ollama holds a model at one context at a time, and a
 * request with another one loads it anew. So all pools of a model share the largest.
 */
record Contexts(Map<String, Integer> tokens) {
  /** For these pools; any other has its own. */
  static Contexts of(Collection<Pool> pools) {
    return new Contexts(
        pools.stream().collect(Collectors.toMap(Pool::model, Pool::contextTokens, Math::max)));
  }

  int of(Pool pool) {
    return tokens.getOrDefault(pool.model(), pool.contextTokens());
  }
}
