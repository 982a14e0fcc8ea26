package io.sluice.cli.bulk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is told in one line for each reason, with the first few names. */
final class Skipped {
  private static final int NAMED_MAX = 3;
  private final Map<String, List<String>> byReason = new TreeMap<>();

  void add(String reason, String name) {
    byReason.computeIfAbsent(reason, none -> new ArrayList<>()).add(name);
  }

  List<String> lines() {
    return byReason.entrySet().stream()
        .map(one -> "skipped, " + one.getKey() + ": " + names(one.getValue()))
        .toList();
  }

  /** {@code a, b, c and 17 more}. */
  static String names(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(NAMED_MAX, names.size())));
    return names.size() <= NAMED_MAX
        ? first
        : first + " and " + Amounts.count(names.size() - NAMED_MAX) + " more";
  }
}
