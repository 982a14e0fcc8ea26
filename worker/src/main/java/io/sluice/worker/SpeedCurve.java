package io.sluice.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many tokens a second a model server makes in all, by the number of requests that it has at a
 * time. Only numbers that were measured are in it.
 */
record SpeedCurve(SortedMap<Integer, Double> tokensPerSecond) {
  /**
   * What more requests at a time must gain to be worth it. Less is within what two measurements
   * differ by, while each of them surely gets slower, which whoever reads along feels.
   */
  static final double WORTH = 0.05;

  static final SpeedCurve UNKNOWN = new SpeedCurve(new TreeMap<>());

  SpeedCurve {
    tokensPerSecond = new TreeMap<>(tokensPerSecond);
  }

  /** The numbers to measure, in order: 1, 2, 4, … and the most itself. */
  static List<Integer> numbers(int most) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 1; i < most; i *= 2) {
      numbers.add(i);
    }
    numbers.add(most);
    return numbers;
  }

  SpeedCurve with(int requests, double speed) {
    SortedMap<Integer, Double> more = new TreeMap<>(tokensPerSecond);
    more.put(requests, speed);
    return new SpeedCurve(more);
  }

  boolean isEmpty() {
    return tokensPerSecond.isEmpty();
  }

  /**
   * The smallest number of requests with which the best speed is reached, but for {@link #WORTH}.
   *
   * @throws IllegalStateException if nothing was measured
   */
  int best() {
    double most = tokensPerSecond.values().stream().mapToDouble(it -> it).max().orElse(0);
    return tokensPerSecond.entrySet().stream()
        .filter(each -> each.getValue() * (1 + WORTH) >= most)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nothing was measured"));
  }

  /** {@code 1: 41, 2: 73, 4: 118}. */
  @Override
  public String toString() {
    return tokensPerSecond.entrySet().stream()
        .map(each -> "%d: %.0f".formatted(each.getKey(), each.getValue()))
        .collect(Collectors.joining(", "));
  }
}
