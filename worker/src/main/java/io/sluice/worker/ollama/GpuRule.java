package io.sluice.worker.ollama;

/**
 * What of a loaded model may be outside the GPU, where everything is many times slower and nothing
 * else tells.
 */
public enum GpuRule {
  /** Nothing: for a server that is known to have a GPU. */
  WHOLE,
  /** Either nothing, or all of it: a server that may have no GPU at all. */
  ALL_OR_NOTHING,
  /** Anything. */
  ANYTHING;

  boolean allows(LoadedModel model) {
    return switch (this) {
      case WHOLE -> model.isOnGpu();
      case ALL_OR_NOTHING -> model.isOnGpu() || model.gpuBytes() == 0;
      case ANYTHING -> true;
    };
  }
}
