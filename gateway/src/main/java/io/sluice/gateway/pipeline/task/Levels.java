package io.sluice.gateway.pipeline.task;

import java.util.ArrayList;
import java.util.List;

/**
 * Which answers are brought together in one prompt, where not all of them fit one: those that
 * follow each other, as many as fit. The answers of the groups are the next level, and so on until
 * one is left.
 */
public final class Levels {
  private Levels() {}

  /**
   * The most tokens that one answer may have, so that any two fit: then a level has at most half as
   * many answers as the one before, rounded up, and there is an end to levels.
   *
   * @param room of all answers in one prompt, in tokens
   */
  public static int share(int room) {
    return room / 2;
  }

  /**
   * How many answers each group takes; a last one may be alone, and goes on to the next level as it
   * is.
   *
   * @param tokens of each answer, none more than its {@link #share}
   * @param room of all answers in one prompt, in tokens
   */
  public static List<Integer> groups(List<Integer> tokens, int room) {
    List<Integer> groups = new ArrayList<>();
    int size = 0;
    long taken = 0;
    for (int answer : tokens) {
      if (answer > share(room)) {
        throw new IllegalArgumentException(answer + " tokens of " + room + " are beyond a share");
      }
      if (taken + answer > room) {
        groups.add(size);
        size = 0;
        taken = 0;
      }
      size++;
      taken += answer;
    }
    if (size > 0) {
      groups.add(size);
    }
    return groups;
  }
}
