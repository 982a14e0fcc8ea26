package io.sluice.gateway.openai;

import java.util.HashSet;
import java.util.Set;

/** Lists of parameters. */
final class Names {
  private Names() {}

  /** Those of both. */
  static Set<String> of(Set<String> some, Set<String> others) {
    Set<String> both = new HashSet<>(some);
    both.addAll(others);
    return Set.copyOf(both);
  }
}
