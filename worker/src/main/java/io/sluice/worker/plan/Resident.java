package io.sluice.worker.plan;

/** A model that is to stay loaded, at the context that each of its slots gets. */
public record Resident(ModelShape shape, int contextTokens) {
  public Resident {
    if (contextTokens < 1) {
      throw new IllegalArgumentException("a context of " + contextTokens + " tokens");
    }
  }

  /** Keys and values of one slot's whole context. */
  public long kvBytesPerSlot(KvType type) {
    return shape.kvBytesPerToken(type) * contextTokens;
  }

  /** How many slots it was loaded with, where it takes so many bytes in all; a good guess. */
  public long slotsIn(long loadedBytes, KvType type) {
    double cache = Math.max(0, loadedBytes - shape.weightBytes());
    return Math.round(cache / kvBytesPerSlot(type));
  }

  /** One layer with its share of the cache: what a GPU holds as a whole or not at all. */
  long layerBytes(KvType type, long slots) {
    return Math.ceilDiv(shape.weightBytes() + slots * kvBytesPerSlot(type), shape.layers());
  }
}
