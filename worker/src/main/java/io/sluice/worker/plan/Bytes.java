package io.sluice.worker.plan;

import java.util.Locale;

/** Sizes of memory, and how they are shown. */
public final class Bytes {
  public static final long MIB = 1L << 20;
  public static final long GIB = 1L << 30;

  private Bytes() {}

  /** As in {@code 8.23 GiB}. */
  public static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f GiB", (double) bytes / GIB);
  }
}
