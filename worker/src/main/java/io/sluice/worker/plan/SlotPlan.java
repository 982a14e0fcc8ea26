package io.sluice.worker.plan;

import io.sluice.Pool;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** How many requests an engine may get at once for the pools of a worker. */
public sealed interface SlotPlan {
  /** No worker has more. */
  int SLOTS_MOST = 1024;

  /**
   * What fits.
   *
   * @param slots 0 where not even one fits
   */
  record Planned(MemoryPlan memory, KvType kv, int slots) implements SlotPlan {
    /** Why it is this number, one sentence. */
    public String why() {
      Optional<String> one =
          memory.residents().stream().flatMap(it -> it.shape().oneSlot().stream()).findFirst();
      if (slots == 1 && one.isPresent()) {
        return one.get();
      }
      if (memory.cacheBytes() <= 0) {
        return "the weights alone need " + Bytes.gib(-memory.cacheBytes()) + " more memory";
      }
      return Bytes.gib(memory.cacheBytes())
          + " are left for keys and values, and a slot takes "
          + Bytes.gib(memory.bytesPerSlot(kv));
    }
  }

  /**
   * Nothing can be said.
   *
   * @param why a part of a sentence
   */
  record Unplanned(String why) implements SlotPlan {}

  /**
   * Plans for pools on one engine. Of a model at several contexts only the largest counts, since
   * the engine loads it once.
   *
   * @param shapes what is known of a model by its name
   */
  static SlotPlan of(
      Collection<Pool> pools, Function<String, Shape> shapes, Gpus.Look look, KvType kv) {
    if (!(look instanceof Gpus.Look.Found found)) {
      return new Unplanned(((Gpus.Look.None) look).why());
    }
    TreeMap<String, Integer> contexts = new TreeMap<>();
    pools.forEach(pool -> contexts.merge(pool.model(), pool.contextTokens(), Math::max));
    List<Shape> told = contexts.keySet().stream().map(shapes).toList();
    for (Shape shape : told) {
      if (shape instanceof Shape.Unknown unknown) {
        return new Unplanned(unknown.why());
      }
    }
    List<Resident> residents =
        told.stream()
            .map(shape -> ((Shape.Known) shape).model())
            .map(model -> new Resident(model, contexts.get(model.name())))
            .toList();
    return planned(new MemoryPlan(found.gpus(), Reserve.STANDARD, residents), kv);
  }

  private static Planned planned(MemoryPlan memory, KvType kv) {
    boolean one = memory.residents().stream().anyMatch(it -> it.shape().oneSlot().isPresent());
    int slots = Math.min(memory.slots(kv), one ? 1 : SLOTS_MOST);
    return new Planned(memory, kv, slots);
  }
}
