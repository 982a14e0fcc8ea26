package io.sluice.worker;

import java.util.List;
import java.util.Optional;

/**
 * When the tokens of several generations came that began together. Their lengths differ, and what
 * is left of the longest ones runs with less company; so only the time in which all of them spoke
 * tells how fast they are together.
 *
 * @param generations the times of each one's tokens, in order, in nanoseconds
 */
record Arrivals(List<List<Long>> generations) {
  /** The part of all tokens that must have come while all spoke, for that time to tell anything. */
  private static final double ENOUGH = 0.25;

  /**
   * Tokens a second of all together; nothing where none came. Where some began only after others
   * had ended, as on a server that lets fewer run, all tokens and the whole time count.
   *
   * @param began when all of them were asked, in nanoseconds
   */
  Optional<Double> perSecond(long began) {
    long all = generations.stream().mapToLong(List::size).sum();
    if (all == 0) {
      return Optional.empty();
    }
    return together(all).or(() -> speed(all, began, lastOfAll()));
  }

  private Optional<Double> together(long all) {
    if (generations.stream().anyMatch(List::isEmpty)) {
      return Optional.empty();
    }
    long from = generations.stream().mapToLong(List::getFirst).max().orElseThrow();
    long to = generations.stream().mapToLong(List::getLast).min().orElseThrow();
    long between =
        generations.stream()
            .flatMap(List::stream)
            .filter(each -> each - from > 0 && each - to <= 0)
            .count();
    return between < ENOUGH * all ? Optional.empty() : speed(between, from, to);
  }

  private long lastOfAll() {
    return generations.stream()
        .filter(each -> !each.isEmpty())
        .mapToLong(List::getLast)
        .max()
        .orElseThrow();
  }

  private static Optional<Double> speed(long tokens, long from, long to) {
    return to > from ? Optional.of(tokens * 1e9 / (to - from)) : Optional.empty();
  }
}
