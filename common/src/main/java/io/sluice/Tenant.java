package io.sluice;

/**
 * A team that shares the models with others.
 *
 * @param name 1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or
 *     digit
 * @param limits its own; the installation's standard applies where they say nothing
 */
public record Tenant(String name, Limits limits) {
  public static final String NAME_FORM = "[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}";

  public Tenant {
    if (!name.matches(NAME_FORM)) {
      throw new IllegalArgumentException("no name of a tenant: it must match " + NAME_FORM);
    }
  }
}
