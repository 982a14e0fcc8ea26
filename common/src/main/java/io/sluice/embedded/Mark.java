package io.sluice.embedded;

import io.sluice.JobClass;
import io.sluice.Step.Starts;

/**
 * A moment in a pool.
 *
 * @param at in ms
 * @param begun the attempts that had ever begun by then
 */
record Mark(long at, Starts begun) {
  /** Reads what {@link #toString} wrote; null of null, as columns are. */
  static Mark parse(String text) {
    if (text == null) {
      return null;
    }
    String[] numbers = text.split(" ");
    return new Mark(
        Long.parseLong(numbers[0]),
        new Starts(Long.parseLong(numbers[1]), Long.parseLong(numbers[2])));
  }

  @Override
  public String toString() {
    return at + " " + begun.interactive() + " " + begun.batch();
  }

  /** What began after this and before that, an attempt of this class that is in that left out. */
  Starts until(Mark that, String jobClass) {
    boolean interactive = jobClass.equals(JobClass.INTERACTIVE.wireName());
    long more = that.begun.interactive() - begun.interactive() - (interactive ? 1 : 0);
    long moreBatch = that.begun.batch() - begun.batch() - (interactive ? 0 : 1);
    return new Starts(Math.max(0, more), Math.max(0, moreBatch));
  }
}
