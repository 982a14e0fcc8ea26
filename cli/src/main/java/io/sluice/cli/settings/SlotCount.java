package io.sluice.cli.settings;

import java.util.OptionalInt;

/**
 * How many requests a model server gets at once: a number, or as many as its memory holds.
 *
 * @param fixed 1 to 1024; empty for {@code auto}
 */
public record SlotCount(OptionalInt fixed) {
  public static final SlotCount AUTO = new SlotCount(OptionalInt.empty());

  private static final int MOST = 1024;

  /** A number of slots. */
  public static SlotCount of(int slots) {
    return new SlotCount(OptionalInt.of(slots));
  }

  /**
   * Reads {@code auto} or a number.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static SlotCount parse(String text) {
    if (text.equalsIgnoreCase("auto")) {
      return AUTO;
    }
    if (text.matches("[0-9]{1,4}")) {
      int slots = Integer.parseInt(text);
      if (slots >= 1 && slots <= MOST) {
        return of(slots);
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a whole number from 1 to " + MOST + ", or auto");
  }

  public boolean isAuto() {
    return fixed.isEmpty();
  }

  /** As it is set: a number, or {@code auto}. */
  @Override
  public String toString() {
    return isAuto() ? "auto" : String.valueOf(fixed.getAsInt());
  }
}
