package io.sluice.enginesim;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much faster a model is as a whole where several answers are generated at a time: a number of
 * answers, and the tokens a second of all of them together, as a multiple of those of one alone.
 * Straight lines between the numbers that are given, and flat beyond the last.
 */
public final class ParallelCurve {
  /** Each answer is as fast as one alone, however many there are. */
  public static final ParallelCurve LINEAR = new ParallelCurve(Map.of(1, 1.0, 1024, 1024.0));

  private final TreeMap<Integer, Double> gains;

  private ParallelCurve(Map<Integer, Double> gains) {
    this.gains = new TreeMap<>(gains);
  }

  /**
   * Reads a curve such as {@code 2=1.6,4=2.4,8=2.2}. One answer is 1.
   *
   * @throws IllegalArgumentException if it is none: numbers from 2 to 1024, gains above 0
   */
  public static ParallelCurve parse(String text) {
    Map<Integer, Double> gains = new TreeMap<>(Map.of(1, 1.0));
    for (String point : text.split(",", -1)) {
      String[] parts = point.strip().split("=", -1);
      try {
        int answers = Integer.parseInt(parts[0]);
        double gain = Double.parseDouble(parts[parts.length - 1]);
        if (parts.length == 2 && answers >= 2 && answers <= 1024 && gain > 0 && gain <= 1024) {
          gains.put(answers, gain);
          continue;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new IllegalArgumentException("no curve: '" + point + "'; write 2=1.6,4=2.4,8=2.2");
    }
    return new ParallelCurve(gains);
  }

  /** The tokens a second of so many answers together, as a multiple of those of one. */
  double gain(int answers) {
    Map.Entry<Integer, Double> below = gains.floorEntry(answers);
    Map.Entry<Integer, Double> above = gains.ceilingEntry(answers);
    if (above == null || above.equals(below)) {
      return below.getValue();
    }
    double way = (double) (answers - below.getKey()) / (above.getKey() - below.getKey());
    return below.getValue() + way * (above.getValue() - below.getValue());
  }

  /** How long a token of one of so many answers takes, where it takes {@code alone} by itself. */
  Duration slowed(Duration alone, int answers) {
    return alone.isZero()
        ? alone
        : Duration.ofNanos(Math.round(alone.toNanos() * answers / gain(answers)));
  }
}
