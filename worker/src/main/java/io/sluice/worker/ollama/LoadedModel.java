package io.sluice.worker.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import io.sluice.worker.plan.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model as {@code /api/ps} shows it.
 *
 * @param bytes what it takes in all: weights, keys and values of every slot, and compute buffers
 * @param gpuBytes how much of that is on GPUs; 0 on a server that uses none
 * @param contextTokens of each slot; 0 where the server does not say, as before 0.10
 */
public record LoadedModel(String name, long bytes, long gpuBytes, int contextTokens) {

  static List<LoadedModel> list(JsonNode answer) {
    List<LoadedModel> all = new ArrayList<>();
    for (JsonNode model : answer.path("models")) {
      all.add(
          new LoadedModel(
              model.path("name").asText(),
              model.path("size").asLong(),
              model.path("size_vram").asLong(),
              model.path("context_length").asInt()));
    }
    return all;
  }

  boolean isOf(Pool pool) {
    return isNamed(pool.model());
  }

  /** Whether it is the one that is asked for by this name. */
  public boolean isNamed(String model) {
    return name.equals(model) || name.equals(model + ":latest");
  }

  /** Whether all of it is on GPUs. */
  public boolean isOnGpu() {
    return gpuBytes >= bytes;
  }

  /**
   * Why it must not serve.
   *
   * @param wanted the context at which it was to be loaded
   */
  Optional<Failure> misplaced(int wanted, GpuRule rule) {
    if (contextTokens != 0 && contextTokens != wanted) {
      return misplaced(
          "The model server gives %s %d tokens of context, not the %d of its pool."
              .formatted(name, contextTokens, wanted));
    }
    if (!rule.allows(this)) {
      return misplaced(
          "The model server keeps %s of %s outside the GPU; sluice plan says what fits."
              .formatted(outside(), name));
    }
    return Optional.empty();
  }

  private String outside() {
    String all = Bytes.gib(bytes);
    return gpuBytes == 0 ? "all " + all : Bytes.gib(bytes - gpuBytes) + " of the " + all;
  }

  private static Optional<Failure> misplaced(String why) {
    return Optional.of(new Failure(FailureCode.ENGINE_MISPLACED, why));
  }
}
