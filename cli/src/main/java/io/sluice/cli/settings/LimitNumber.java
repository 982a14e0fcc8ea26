package io.sluice.cli.settings;

import io.sluice.Limit;
import io.sluice.Limits;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A limit and its number, as in {@code tenant_requests_per_minute=600}. */
public record LimitNumber(Limit limit, long number) {
  /** These have settings of their own. */
  private static final Set<Limit> ELSEWHERE = Set.of(Limit.TENANT_WAITING_JOBS, Limit.WAITING_JOBS);

  /** As a standard of all tenants. */
  static LimitNumber parse(String text) {
    Optional<Limit> known = Limit.ofWireName(name(text));
    if (known.filter(ELSEWHERE::contains).isPresent()) {
      throw new IllegalArgumentException(
          "'" + name(text) + "' is set by --max-waiting-per-tenant and --max-waiting");
    }
    return parse(text, limit -> !ELSEWHERE.contains(limit));
  }

  /**
   * As one tenant's own.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static LimitNumber ofTenant(String text) {
    return parse(text, LimitNumber::isOfTenant);
  }

  /**
   * The name of a limit that a tenant can have.
   *
   * @throws IllegalArgumentException with those there are
   */
  public static Limit nameOfTenant(String name) {
    return named(name, LimitNumber::isOfTenant);
  }

  private static boolean isOfTenant(Limit limit) {
    return limit.scope() != Limit.Scope.EVERYBODY;
  }

  private static LimitNumber parse(String text, Predicate<Limit> allowed) {
    Limit limit = named(name(text), allowed);
    return new LimitNumber(limit, number(text, text.substring(text.indexOf('=') + 1).strip()));
  }

  private static String name(String text) {
    int equals = text.indexOf('=');
    return equals < 0 ? text : text.substring(0, equals).strip();
  }

  private static Limit named(String name, Predicate<Limit> allowed) {
    return Limit.ofWireName(name).filter(allowed).orElseThrow(() -> unknown(name, allowed));
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

  private static IllegalArgumentException unknown(String name, Predicate<Limit> allowed) {
    String names =
        Arrays.stream(Limit.values())
            .filter(allowed)
            .map(Limit::wireName)
            .collect(Collectors.joining(", "));
    return new IllegalArgumentException("'" + name + "' is none of " + names);
  }
}
