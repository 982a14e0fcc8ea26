package io.sluice.worker.plan;

import java.util.List;

/**
 * How many requests fit at once. llama-server gives each slot a whole context when it loads, so
 *
 * <pre>  slots × context × KV bytes per token + weights + compute ≤ memory − driver − margin</pre>
 *
 * <p>Over several GPUs each keeps its own reserve and compute buffer, and holds whole layers.
 * Several models share the memory, and each gets the same number of slots, since
 * OLLAMA_NUM_PARALLEL is one number.
 *
 * @param residents the models that stay loaded together; at least one
 */
public record MemoryPlan(List<Gpu> gpus, Reserve reserve, List<Resident> residents) {
  private static final int BOUND = 1 << 20;

  public MemoryPlan {
    gpus = List.copyOf(gpus);
    residents = List.copyOf(residents);
    if (gpus.isEmpty() || residents.isEmpty()) {
      throw new IllegalArgumentException("a plan needs a GPU and a model");
    }
  }

  /** One model on some GPUs, with the standard reserve. */
  public static MemoryPlan of(List<Gpu> gpus, ModelShape shape, int contextTokens) {
    return new MemoryPlan(gpus, Reserve.STANDARD, List.of(new Resident(shape, contextTokens)));
  }

  /** The most slots that fit, 0 where not even one does. */
  public int slots(KvType type) {
    int fits = 0;
    int tooMany = BOUND;
    while (tooMany - fits > 1) {
      int tried = (fits + tooMany) >>> 1;
      if (fit(type, tried)) {
        fits = tried;
      } else {
        tooMany = tried;
      }
    }
    return fits;
  }

  /** Memory for keys and values, all GPUs together; negative where the weights do not fit. */
  public long cacheBytes() {
    long weights = residents.stream().mapToLong(each -> each.shape().weightBytes()).sum();
    return gpus.stream().mapToLong(this::usableBytes).sum() - weights;
  }

  /** Tokens of context that fit in all, whatever they are cut into. */
  public long tokens(KvType type) {
    long perToken = residents.stream().mapToLong(one -> one.shape().kvBytesPerToken(type)).sum();
    return Math.max(0, cacheBytes() / perToken);
  }

  /** What one slot takes, in each of the models. */
  public long bytesPerSlot(KvType type) {
    return residents.stream().mapToLong(each -> each.kvBytesPerSlot(type)).sum();
  }

  public long computeBytes() {
    return residents.stream()
        .mapToLong(each -> each.shape().computeBytes(reserve.batchTokens()))
        .sum();
  }

  private boolean fit(KvType type, long slots) {
    long all =
        residents.stream()
            .mapToLong(each -> each.shape().weightBytes() + slots * each.kvBytesPerSlot(type))
            .sum();
    return gpus.stream().anyMatch(gpu -> all <= usableBytes(gpu)) || fitInLayers(type, slots);
  }

  /** Whether the layers fit where each GPU holds whole ones, all as large as the largest. */
  private boolean fitInLayers(KvType type, long slots) {
    long largest =
        residents.stream().mapToLong(each -> each.layerBytes(type, slots)).max().orElseThrow();
    long layers = residents.stream().mapToLong(each -> each.shape().layers()).sum();
    return gpus.stream().mapToLong(gpu -> Math.max(0, usableBytes(gpu)) / largest).sum() >= layers;
  }

  private long usableBytes(Gpu gpu) {
    return gpu.bytes() - reserve.driverBytes() - reserve.fitBytes() - computeBytes();
  }
}
