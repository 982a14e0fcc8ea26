package io.sluice.forecast;

/** What comes into a lane per second: a sum that fades, as if over the last minute. */
public final class Inflow {
  private static final double WINDOW_MS = 60_000;

  private Inflow() {}

  /** What is left now of a sum that was kept then. */
  public static double faded(double sum, long then, long now) {
    return sum * Math.exp(-Math.max(0, now - then) / WINDOW_MS);
  }

  /** The sum as a rate. */
  public static double perSecond(double sum) {
    return sum * 1000 / WINDOW_MS;
  }
}
