package io.sluice.cli.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Pool;
import io.sluice.codec.Json;
import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.ModelShape;
import io.sluice.worker.plan.OllamaProfile;
import io.sluice.worker.plan.SlotPlan;
import java.util.List;

/** A plan for programs. */
public final class PlanJson {
  private PlanJson() {}

  public static ObjectNode of(Subject subject) {
    List<Gpu> gpus =
        subject.look() instanceof Gpus.Look.Found found ? found.gpus() : List.<Gpu>of();
    ObjectNode all = Json.object();
    ArrayNode cards = all.putArray("gpus");
    gpus.forEach(gpu -> cards.addObject().put("name", gpu.name()).put("bytes", gpu.bytes()));
    ArrayNode models = all.putArray("models");
    subject.shapes().forEach(model -> models.add(model(model, gpus, subject.pools())));
    switch (subject.chosen()) {
      case SlotPlan.Planned planned -> all.set("chosen", chosen(subject, planned));
      case SlotPlan.Unplanned unplanned -> all.putNull("chosen").put("reason", unplanned.why());
    }
    return all;
  }

  private static ObjectNode model(ModelShape model, List<Gpu> gpus, List<Pool> pools) {
    ObjectNode one = Json.object().put("name", model.name());
    one.put("architecture", model.architecture()).put("quantisation", model.quantisation());
    one.put("trained_tokens", model.trainedTokens()).put("weight_bytes", model.weightBytes());
    model.caveats().forEach(one.putArray("notes")::add);
    ArrayNode rows = one.putArray("table");
    Table table = Table.of(model, gpus, pools);
    for (Table.Row row : table.rows()) {
      ObjectNode shown = rows.addObject();
      shown.put("gpu_bytes", row.gpus().stream().mapToLong(Gpu::bytes).sum());
      shown.put("kv", row.kv().wireName()).put("tokens", row.tokens());
      shown.put("kv_bytes_per_token", model.kvBytesPerToken(row.kv()));
      ObjectNode slots = shown.putObject("slots");
      for (int i = 0; i < table.contexts().size(); i++) {
        slots.put(String.valueOf(table.contexts().get(i)), row.slots().get(i));
      }
    }
    return one;
  }

  private static ObjectNode chosen(Subject subject, SlotPlan.Planned plan) {
    ObjectNode chosen = Json.object().put("slots", plan.slots()).put("kv", plan.kv().wireName());
    subject.pools().forEach(pool -> chosen.withArray("pools").add(pool.toString()));
    chosen.put("limit", plan.why());
    chosen.put("bytes_for_slots", Math.max(0, plan.memory().cacheBytes()));
    chosen.put("bytes_per_slot", plan.memory().bytesPerSlot(plan.kv()));
    OllamaProfile profile = new OllamaProfile(plan);
    profile.variables().forEach(chosen.putObject("environment")::put);
    plan.memory()
        .residents()
        .forEach(one -> chosen.withArray("modelfiles").add(profile.modelfile(one)));
    return chosen;
  }
}
