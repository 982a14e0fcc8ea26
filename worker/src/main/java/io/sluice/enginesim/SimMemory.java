package io.sluice.enginesim;

import java.time.Duration;
import java.util.Optional;

/**
 * What a simulated server loads models into: the arithmetic of Qwen3-14B as Q4_K_M, whatever a
 * model is called. All of a model's slots get their whole context when it is loaded. What does not
 * fit goes to the CPU layer by layer without a word, as llama-server does it, or fails to load.
 *
 * @param gpuBytes of all GPUs together; 0 where there is none
 * @param kvBytesPerToken of keys and values: 163,840 in f16
 * @param spills whether layers that do not fit go to the CPU; otherwise such a load fails
 */
public record SimMemory(long gpuBytes, long kvBytesPerToken, boolean spills) {
  private static final long MIB = 1L << 20;
  private static final long WEIGHT_BYTES = 8_429 * MIB;
  private static final long COMPUTE_BYTES = 512L * (151_936 + 5_120) * Float.BYTES;
  private static final int LAYERS = 40;

  /** Of the driver, and what llama-server leaves free. */
  private static final long RESERVE_BYTES = (768 + 1_024) * MIB;

  /** A model that is all on the CPU is this much slower. */
  private static final int SLOWER_MOST = 20;

  /** Everything fits. */
  public static final SimMemory ENDLESS = new SimMemory(Long.MAX_VALUE, 160 * 1024, true);

  /** Everything is on the CPU. */
  public static final SimMemory NO_GPU = new SimMemory(0, 160 * 1024, true);

  /** GPUs of this size in all, with keys and values in f16. */
  public static SimMemory of(long gpuBytes) {
    return new SimMemory(gpuBytes, 160 * 1024, true);
  }

  public SimMemory {
    if (gpuBytes < 0 || kvBytesPerToken < 1) {
      throw new IllegalArgumentException("memory is not negative, and a token takes some");
    }
  }

  /** With keys and values of another size. */
  public SimMemory kvBytesPerToken(long kvBytesPerToken) {
    return new SimMemory(gpuBytes, kvBytesPerToken, spills);
  }

  /** A load that does not fit fails instead. */
  public SimMemory failing() {
    return new SimMemory(gpuBytes, kvBytesPerToken, false);
  }

  /**
   * Where a model goes.
   *
   * @param takenBytes what other models have on the GPU
   * @return nothing where it cannot be loaded
   */
  Optional<Placed> place(int contextTokens, int slots, long takenBytes) {
    long size = WEIGHT_BYTES + COMPUTE_BYTES + kvBytesPerToken * contextTokens * slots;
    long room = Math.max(0, gpuBytes - RESERVE_BYTES - takenBytes);
    if (size <= room) {
      return Optional.of(new Placed(size, size));
    }
    if (!spills && gpuBytes > 0) {
      return Optional.empty();
    }
    long layer = Math.ceilDiv(size, LAYERS);
    return Optional.of(new Placed(size, room / layer * layer));
  }

  /**
   * A loaded model: {@code size} and {@code size_vram} of /api/ps.
   *
   * @param gpuBytes less than all of it where a part is on the CPU
   */
  record Placed(long bytes, long gpuBytes) {
    /** On a GPU, however large it is. */
    static final Placed WHOLE = new Placed(1, 1);

    boolean isWhole() {
      return gpuBytes == bytes;
    }

    /** How long something takes that takes this long on a GPU. */
    Duration slowed(Duration time) {
      return time.plus(
          time.multipliedBy((SLOWER_MOST - 1) * (bytes - gpuBytes) * 100 / bytes).dividedBy(100));
    }
  }
}
