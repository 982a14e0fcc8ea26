package io.sluice.cli.plan;

import io.sluice.Pool;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.KvType;
import io.sluice.worker.plan.ModelShape;
import io.sluice.worker.plan.Shape;
import io.sluice.worker.plan.SlotPlan;
import java.util.List;
import java.util.Map;

/**
 * What is planned for.
 *
 * @param pools in the order in which they were named
 * @param models the shape of each pool's model, by its name
 * @param look the GPUs, or why none is known
 * @param kv the type that is chosen
 */
public record Subject(List<Pool> pools, Map<String, ModelShape> models, Gpus.Look look, KvType kv) {
  public Subject {
    pools = List.copyOf(pools);
    models = Map.copyOf(models);
  }

  SlotPlan chosen() {
    return SlotPlan.of(pools, name -> new Shape.Known(models.get(name)), look, kv);
  }

  /** The models, each once, in the order of the pools. */
  List<ModelShape> shapes() {
    return pools.stream().map(Pool::model).distinct().map(models::get).toList();
  }
}
