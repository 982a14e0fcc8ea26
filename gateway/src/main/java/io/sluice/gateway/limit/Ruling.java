package io.sluice.gateway.limit;

import io.sluice.Admission.Level;
import io.sluice.Admission.Standing;
import io.sluice.Limit;
import java.util.List;
import java.util.Set;

/**
 * What the limits said to a submission.
 *
 * @param shadow the limits that are only counted; clients do not see them
 */
public record Ruling(Standing standing, Set<Limit> shadow) {
  public Ruling {
    shadow = Set.copyOf(shadow);
  }

  /** What its tenant may know: nothing that tells of others, nothing that is not enforced. */
  List<Level> visible() {
    return standing.levels().stream()
        .filter(level -> level.limit().scope() != Limit.Scope.EVERYBODY)
        .filter(level -> !shadow.contains(level.limit()))
        .toList();
  }
}
