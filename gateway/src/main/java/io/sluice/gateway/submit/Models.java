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
final class Models {
  private final Map<String, List<Pool>> byName = new TreeMap<>();

  Models(List<Pool> pools) {
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

  /** The pools that a name means, the smallest first; none if there is no such model. */
  List<Pool> named(String name) {
    List<Pool> exact = byName.getOrDefault(name, List.of());
    boolean bare = !name.contains(":") && !name.contains("@");
    return exact.isEmpty() && bare ? byName.getOrDefault(name + ":latest", List.of()) : exact;
  }
}
