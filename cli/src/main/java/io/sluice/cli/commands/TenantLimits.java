package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What is to become of a tenant's own limits and its weight.
 *
 * @param numbers set and enforced, unless they are in {@code shadow} too
 * @param shadow only counted from now on
 * @param gone the standard applies to them again
 * @param weight empty where it stays as it is
 */
record TenantLimits(
    List<LimitNumber> numbers, Set<Limit> shadow, Set<Limit> gone, Optional<Integer> weight) {

  /**
   * Reads the flags; says everything that is wrong with them at once.
   *
   * @param more whether something else is set besides
   */
  static TenantLimits parse(
      List<String> numbers,
      List<String> shadow,
      List<String> gone,
      Optional<String> weight,
      boolean more) {
    List<String> problems = new ArrayList<>();
    TenantLimits limits =
        new TenantLimits(
            all("--limit", numbers, LimitNumber::ofTenant, problems),
            Set.copyOf(all("--shadow-limit", shadow, LimitNumber::nameOfTenant, problems)),
            Set.copyOf(all("--no-limit", gone, LimitNumber::nameOfTenant, problems)),
            all("--weight", weight.stream().toList(), TenantLimits::weight, problems).stream()
                .findFirst());
    boolean none = numbers.isEmpty() && shadow.isEmpty() && gone.isEmpty() && weight.isEmpty();
    if (problems.isEmpty() && none && !more) {
      problems.add(
          "nothing to set: give --limit NAME=N, --shadow-limit NAME, --no-limit NAME, --weight"
              + " N, --webhook URL or --no-webhook");
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

  private static Integer weight(String text) {
    boolean fits = text.matches("[0-9]{1,4}");
    int number = fits ? Integer.parseInt(text) : 0;
    if (number < 1 || number > Tenant.WEIGHT_MAX) {
      throw new IllegalArgumentException(
          "a weight is a whole number from 1 to " + Tenant.WEIGHT_MAX + ", not '" + text + "'");
    }
    return number;
  }

  Tenant appliedTo(Tenant before) {
    return new Tenant(
        before.name(),
        appliedTo(before.limits()),
        weight.orElse(before.weight()),
        before.webhook());
  }

  private Limits appliedTo(Limits before) {
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

  /**
   * @param secret one that was made now
   */
  static void print(Console console, Tenant tenant, boolean json, Optional<String> secret) {
    if (json && secret.isPresent()) {
      ObjectNode view = LimitsView.of(tenant);
      view.withObject("webhook").put("secret", secret.get());
      console.out().println(Json.write(view));
      return;
    }
    print(console, tenant, json);
    secret.ifPresent(text -> console.out().println("secret  " + text));
  }

  static void print(Console console, Tenant tenant, boolean json) {
    if (json) {
      console.out().println(Json.write(LimitsView.of(tenant)));
    } else if (tenant.limits().equals(Limits.NONE)) {
      console.out().println(tenant.name() + " has " + text(tenant));
    } else {
      console.out().println(LimitsView.text(tenant));
    }
  }

  /** What is set for a tenant, in words. */
  static String text(Tenant tenant) {
    boolean standard = tenant.limits().equals(Limits.NONE);
    String weight = tenant.weight() == 1 ? "" : "weight " + tenant.weight() + " and ";
    return standard ? weight + "the standard limits" : LimitsView.text(tenant);
  }
}
