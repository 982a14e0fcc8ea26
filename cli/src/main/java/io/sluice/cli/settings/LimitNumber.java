package io.sluice.cli.settings;

import io.sluice.Limit;
import io.sluice.Limits;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** A limit and its number, as in {@code tenant_requests_per_minute=600}. */
public record LimitNumber(Limit limit, long number) {
  /** These have settings of their own. */
  private static final Set<Limit> ELSEWHERE = Set.of(Limit.TENANT_WAITING_JOBS, Limit.WAITING_JOBS);

  static LimitNumber parse(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals).strip();
    Limit limit = Limit.ofWireName(name).orElseThrow(() -> unknown(name));
    if (ELSEWHERE.contains(limit)) {
      throw new IllegalArgumentException(
          "'" + name + "' is set by --max-waiting-per-tenant and --max-waiting");
    }
    return new LimitNumber(limit, number(text, text.substring(equals + 1).strip()));
  }

  private static long number(String text, String digits) {
    if (digits.matches("[0-9]{1,13}")) {
      long number = Long.parseLong(digits);
      if (number >= 1 && number <= Limits.NUMBER_MAX) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not NAME=N with a whole number from 1 to " + Limits.NUMBER_MAX);
  }

  private static IllegalArgumentException unknown(String name) {
    String names =
        Arrays.stream(Limit.values())
            .filter(limit -> !ELSEWHERE.contains(limit))
            .map(Limit::wireName)
            .collect(Collectors.joining(", "));
    return new IllegalArgumentException("'" + name + "' is none of " + names);
  }
}
