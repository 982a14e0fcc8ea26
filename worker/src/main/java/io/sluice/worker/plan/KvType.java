package io.sluice.worker.plan;

import java.util.Locale;

/**
 * How the keys and values of past tokens are kept: Ollama's OLLAMA_KV_CACHE_TYPE. The quantised
 * ones are blocks of 32 elements, each with a scale of two bytes (ggml's block_q8_0, block_q4_0).
 */
public enum KvType {
  F16(64),
  Q8_0(34),
  Q4_0(18);

  private static final int BLOCK = 32;

  private final int bytesPerBlock;

  KvType(int bytesPerBlock) {
    this.bytesPerBlock = bytesPerBlock;
  }

  /** The bytes of so many elements. */
  public long bytes(long elements) {
    return Math.ceilDiv(elements * bytesPerBlock, BLOCK);
  }

  /** The name that Ollama knows: {@code q8_0}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
