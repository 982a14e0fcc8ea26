package io.sluice.gateway.cache;

import io.sluice.Fleet;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a model is besides its name, so that answers of one that was replaced are found no more: the
 * digests that the workers tell of it. Safe from any thread.
 */
public final class ModelIdentity {
  private volatile Optional<Map<String, String>> byModel = Optional.empty();

  /**
   * The same for as long as the workers serve the same. Where none of them says what it serves, as
   * OpenAI-compatible servers do not, a model is its name; where no worker is known, it is what was
   * known last.
   *
   * @return empty until the fleet was looked at: nothing may be shared before
   */
  public Optional<String> of(Pool pool) {
    return byModel.map(all -> all.getOrDefault(pool.model(), ""));
  }

  /** What the fleet tells now. */
  public void learn(Collection<Fleet.Member> fleet) {
    Map<String, TreeSet<String>> digests = new HashMap<>();
    for (Fleet.Member member : fleet) {
      member.models().forEach(model -> add(digests, model));
    }
    Map<String, String> next = new HashMap<>(byModel.orElse(Map.of()));
    digests.forEach((model, those) -> next.put(model, String.join(" ", List.copyOf(those))));
    byModel = Optional.of(Map.copyOf(next));
  }

  private static void add(Map<String, TreeSet<String>> digests, ModelFacts model) {
    TreeSet<String> those = digests.computeIfAbsent(model.model(), name -> new TreeSet<>());
    model.digest().ifPresent(those::add);
  }
}
