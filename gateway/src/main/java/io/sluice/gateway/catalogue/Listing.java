package io.sluice.gateway.catalogue;

import io.sluice.Fleet;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import io.sluice.gateway.submit.Models;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The models that are served, at one moment. Immutable. */
public final class Listing {
  /** A copy that is in memory says most; of others the newest counts. */
  private static final Comparator<ModelFacts> BEST =
      Comparator.<ModelFacts, Boolean>comparing(facts -> facts.loaded().isPresent())
          .thenComparing(facts -> facts.modifiedAt().orElse(Instant.MIN))
          .thenComparing(facts -> facts.digest().orElse(""));

  private final Models models;
  private final List<Pool> pools;
  private final Map<String, ModelFacts> known;
  private final Map<String, SortedSet<String>> digests = new HashMap<>();
  private final Instant since;

  /**
   * @param pools that the gateway serves
   * @param workers whose word on other models is left out
   */
  Listing(List<Pool> pools, Collection<Fleet.Member> workers, Instant since) {
    this.models = new Models(pools);
    this.pools = List.copyOf(pools);
    this.since = since;
    this.known =
        workers.stream()
            .flatMap(worker -> worker.models().stream())
            .collect(
                Collectors.toMap(
                    ModelFacts::model,
                    facts -> facts,
                    (one, other) -> BEST.compare(one, other) >= 0 ? one : other));
    workers.forEach(worker -> worker.models().forEach(this::addDigest));
  }

  /** Those of all copies of a model, in one text; empty while no worker has told of it. */
  Optional<String> digests(String model) {
    return known.containsKey(model)
        ? Optional.of(String.join(",", digests.getOrDefault(model, new TreeSet<>())))
        : Optional.empty();
  }

  private void addDigest(ModelFacts facts) {
    facts
        .digest()
        .ifPresent(
            digest -> digests.computeIfAbsent(facts.model(), none -> new TreeSet<>()).add(digest));
  }

  /**
   * All of them, in the order of the settings: each model by its bare name, and behind it by the
   * names of its pools, where it has several.
   */
  List<Entry> all() {
    Set<String> names = new LinkedHashSet<>();
    for (Pool pool : pools) {
      names.add(pool.model());
      List<Pool> siblings = models.named(pool.model());
      if (siblings.size() > 1) {
        siblings.forEach(sibling -> names.add(sibling.toString()));
      }
    }
    return names.stream().map(this::find).flatMap(Optional::stream).toList();
  }

  /** The one that a job would run on which is submitted under this name. */
  Optional<Entry> find(String name) {
    List<Pool> meant = models.named(name);
    return meant.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Entry(
                name, meant, Optional.ofNullable(known.get(meant.getFirst().model())), since));
  }
}
