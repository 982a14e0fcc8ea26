package io.sluice;

import java.util.Arrays;

/** One vector: what an embedding model makes of one input. Immutable. */
public final class Embedding {
  private final float[] values;

  /**
   * @param values at least one; each is a finite number
   */
  public Embedding(float... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a vector without numbers");
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("a vector with " + value);
      }
    }
    this.values = values.clone();
  }

  /** How many numbers it has. */
  public int dimensions() {
    return values.length;
  }

  /**
   * @param index from 0 to {@link #dimensions} - 1
   */
  public float value(int index) {
    return values[index];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding it && Arrays.equals(values, it.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** Without its numbers, which are as private as the text. */
  @Override
  public String toString() {
    return "Embedding of " + values.length + " numbers";
  }
}
