package io.sluice.gateway.submit;

import io.sluice.Pool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The models that clients may name. A bare name means all pools of the model, the smallest first; a
 * name with {@code @context} means that pool alone.
 */
public final class Models {
  private static final String LATEST = ":latest";

  private final Map<String, List<Pool>> byName = new TreeMap<>();

  public Models(List<Pool> pools) {
    for (Pool pool : pools) {
      add(pool.model(), pool);
      add(pool.toString(), pool);
      add(pool.model() + "@" + pool.contextTokens(), pool);
    }
    byName.values().forEach(list -> list.sort(Comparator.comparingInt(Pool::contextTokens)));
  }

  private void add(String name, Pool pool) {
    List<Pool> list = byName.computeIfAbsent(name, first -> new ArrayList<>());
    if (!list.contains(pool)) {
      list.add(pool);
    }
  }

  /**
   * The pools that a name means, the smallest first; none if there is no such model. A model
   * without a tag and its tag {@code latest} are one, as in Ollama, whose clients add it or leave
   * it out.
   */
  public List<Pool> named(String name) {
    List<Pool> exact = byName.getOrDefault(name, List.of());
    if (!exact.isEmpty()) {
      return exact;
    }
    if (isBare(name)) {
      return byName.getOrDefault(name + LATEST, List.of());
    }
    String bare = name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : "";
    return isBare(bare) ? byName.getOrDefault(bare, List.of()) : List.of();
  }

  private static boolean isBare(String name) {
    return !name.contains(":") && !name.contains("@");
  }
}
