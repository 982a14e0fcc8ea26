package io.sluice;

/**
 * A team that shares the models with others.
 *
 * @param name 1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or
 *     digit
 * @param limits its own; the installation's standard applies where they say nothing
 * @param weight 1 to 1,000: while others wait too, twice the weight is twice the share
 */
public record Tenant(String name, Limits limits, int weight) {
  public static final int WEIGHT_MAX = 1_000;
  public static final String NAME_FORM = "[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}";

  public Tenant {
    if (!name.matches(NAME_FORM)) {
      throw new IllegalArgumentException("no name of a tenant: it must match " + NAME_FORM);
    }
    if (weight < 1 || weight > WEIGHT_MAX) {
      throw new IllegalArgumentException("a weight must be 1 to " + WEIGHT_MAX);
    }
  }

  /** A tenant with the weight of everybody else. */
  public Tenant(String name, Limits limits) {
    this(name, limits, 1);
  }
}
