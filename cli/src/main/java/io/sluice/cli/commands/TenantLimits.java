package io.sluice.cli.commands;

import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.LimitNumber;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.gateway.admin.LimitsView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What is to become of a tenant's own limits.
 *
 * @param numbers set and enforced, unless they are in {@code shadow} too
 * @param shadow only counted from now on
 * @param gone the standard applies to them again
 */
record TenantLimits(List<LimitNumber> numbers, Set<Limit> shadow, Set<Limit> gone) {

  /** Reads the flags; says everything that is wrong with them at once. */
  static TenantLimits parse(List<String> numbers, List<String> shadow, List<String> gone) {
    List<String> problems = new ArrayList<>();
    TenantLimits limits =
        new TenantLimits(
            all("--limit", numbers, LimitNumber::ofTenant, problems),
            Set.copyOf(all("--shadow-limit", shadow, LimitNumber::nameOfTenant, problems)),
            Set.copyOf(all("--no-limit", gone, LimitNumber::nameOfTenant, problems)));
    if (problems.isEmpty() && numbers.isEmpty() && shadow.isEmpty() && gone.isEmpty()) {
      problems.add("nothing to set: give --limit NAME=N, --shadow-limit NAME or --no-limit NAME");
    }
    if (!problems.isEmpty()) {
      throw new Refusal(Exit.USAGE, String.join("\n", problems));
    }
    return limits;
  }

  private static <T> List<T> all(
      String flag, List<String> texts, Function<String, T> read, List<String> problems) {
    List<T> values = new ArrayList<>();
    for (String text : new TreeSet<>(texts)) {
      try {
        values.add(read.apply(text));
      } catch (IllegalArgumentException e) {
        problems.add(flag + ": " + e.getMessage());
      }
    }
    return values;
  }

  Limits appliedTo(Limits before) {
    Map<Limit, Long> bounds = new HashMap<>(before.bounds());
    Set<Limit> counted = new HashSet<>(before.shadow());
    gone.forEach(bounds::remove);
    counted.removeAll(gone);
    for (LimitNumber one : numbers) {
      bounds.put(one.limit(), one.number());
      counted.remove(one.limit());
    }
    counted.addAll(shadow);
    return new Limits(bounds, counted);
  }

  static void checkName(String name) {
    if (!name.matches(Tenant.NAME_FORM)) {
      throw new Refusal(
          Exit.USAGE,
          "a tenant's name has 1 to 64 letters, digits, dots, dashes and underscores, not '"
              + name
              + "'");
    }
  }

  static void print(Console console, Tenant tenant, boolean json) {
    if (json) {
      console.out().println(Json.write(LimitsView.of(tenant)));
    } else if (tenant.limits().equals(Limits.NONE)) {
      console.out().println(tenant.name() + " has the standard limits");
    } else {
      LimitsView.text(tenant.limits()).lines().forEach(line -> console.out().println(line));
    }
  }
}
