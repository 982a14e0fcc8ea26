package io.sluice.worker.plan;

/**
 * What is kept free on each GPU.
 *
 * @param driverBytes the driver and its context: 0.75 GiB, as free memory of idle cards shows
 * @param fitBytes what llama-server leaves free: LLAMA_ARG_FIT_TARGET, 1,024 MiB unless set. Less
 *     than this free, and it silently moves layers to the CPU
 * @param batchTokens tokens that are computed at once; the worker pins 512, and twice that is
 *     reserved
 */
public record Reserve(long driverBytes, long fitBytes, int batchTokens) {
  public static final Reserve STANDARD = new Reserve(768 * Bytes.MIB, 1024 * Bytes.MIB, 1024);

  public Reserve {
    if (driverBytes < 0 || fitBytes < 0 || batchTokens < 1) {
      throw new IllegalArgumentException("a reserve is not negative");
    }
  }
}
