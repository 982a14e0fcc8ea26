package io.sluice.enginesim;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The vectors that the simulator makes: of length 1, from the words of a text and nothing else, so
 * that a test can say what a text must give, and texts with the same words are near each other.
 */
public final class SimVectors {
  /** As many numbers as a vector has where nobody asks for fewer. */
  public static final int DIMENSIONS = 1_024;

  private static final int PLACES_PER_WORD = 16;

  private SimVectors() {}

  public static float[] of(String text) {
    return of(text, DIMENSIONS);
  }

  /**
   * @param dimensions the first so many numbers, made to have length 1 again; all where there are
   *     not so many
   */
  public static float[] of(String text, int dimensions) {
    double[] sums = new double[DIMENSIONS];
    // A text without words has a direction, too.
    sums[0] = 0.5;
    for (String word : text.split("\\s+")) {
      SplittableRandom places = new SplittableRandom(SimText.hash(word));
      for (int i = 0; i < PLACES_PER_WORD; i++) {
        int place = places.nextInt(DIMENSIONS);
        sums[place] += places.nextBoolean() ? 1 : -1;
      }
    }
    return normal(Arrays.copyOf(sums, Math.min(dimensions, DIMENSIONS)));
  }

  private static float[] normal(double[] sums) {
    double length = Math.sqrt(Arrays.stream(sums).map(sum -> sum * sum).sum());
    float[] vector = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      vector[i] = (float) (sums[i] / Math.max(length, 1e-12));
    }
    return vector;
  }
}
