package io.sluice.gateway.pipeline.split;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Which page of a document a place in its text is on. */
public final class Pages {
  private final int[] starts;

  /**
   * @param starts where each page begins in the text, in order; none for a document without pages
   */
  public Pages(List<Integer> starts) {
    this.starts = starts.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The page that a part begins on, from 1. */
  public OptionalInt first(Part part) {
    return at(part.start());
  }

  /** The page that its last character is on. */
  public OptionalInt last(Part part) {
    return at(part.end() - 1);
  }

  private OptionalInt at(int place) {
    if (starts.length == 0) {
      return OptionalInt.empty();
    }
    // Of pages without text, which begin at the same place, the last one has it.
    int after = Arrays.binarySearch(starts, place + 1);
    while (after > 0 && starts[after - 1] == place + 1) {
      after--;
    }
    return OptionalInt.of(Math.max(1, after >= 0 ? after : -after - 1));
  }
}
