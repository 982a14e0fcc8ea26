package io.sluice.cli.settings;

import io.sluice.Admission;
import io.sluice.Limit;
import io.sluice.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What may wait, how long a prompt may be, and the standard limits of tenants. */
public record LimitSettings(
    @Setting(
            flag = "--max-waiting-per-tenant",
            variable = "SLUICE_MAX_WAITING_PER_TENANT",
            value = "N",
            standard = "20000",
            min = 1,
            text = "jobs of one tenant that may wait; more get 429")
        int waitingPerTenant,
    @Setting(
            flag = "--max-waiting",
            variable = "SLUICE_MAX_WAITING",
            value = "N",
            standard = "100000",
            min = 1,
            text = "jobs that may wait in total; more get 429")
        int waitingInTotal,
    @Setting(
            flag = "--wait-target",
            variable = "SLUICE_WAIT_TARGET",
            value = "TIME",
            standard = "0s",
            max = 86_400,
            text =
                "within what time interactive jobs should start: while they do not, limits "
                    + "tighten, for tenants over their share first; 0s for never")
        Duration waitTarget,
    @Setting(
            flag = "--max-prompt-tokens",
            variable = "SLUICE_MAX_PROMPT_TOKENS",
            value = "N",
            standard = "100000",
            min = 1,
            text = "the longest prompt, whatever the context of its model")
        int promptTokens,
    @Setting(
            flag = "--limit",
            variable = "SLUICE_LIMITS",
            value = "NAME=N",
            text =
                "a standard limit of tenants, such as tenant_requests_per_minute=600; several: "
                    + "repeat it, or commas in the variable")
        List<LimitNumber> standard,
    @Setting(
            flag = "--shadow-limit",
            variable = "SLUICE_SHADOW_LIMITS",
            value = "NAME",
            text = "a standard limit that is only counted and reported; several: as for --limit")
        List<Limit> shadow)
    implements Settings.Checked {

  public LimitSettings {
    standard = List.copyOf(standard);
    shadow = List.copyOf(shadow);
  }

  @Override
  public List<String> problems(Settings others) {
    List<String> problems = new ArrayList<>();
    Set<Limit> limited = EnumSet.noneOf(Limit.class);
    for (LimitNumber one : standard) {
      if (!limited.add(one.limit())) {
        problems.add("--limit: " + one.limit().wireName() + " has two numbers");
      }
    }
    for (Limit limit : shadow) {
      if (!limited.contains(limit)) {
        problems.add(
            "--shadow-limit: there is no --limit " + limit.wireName() + "=N that it could be for");
      }
    }
    return problems;
  }

  /** The standard limits of every tenant. */
  public Limits limits() {
    return new Limits(
        standard.stream().collect(Collectors.toMap(LimitNumber::limit, LimitNumber::number)),
        Set.copyOf(shadow));
  }

  public Admission.Bounds bounds() {
    return new Admission.Bounds(waitingPerTenant, waitingInTotal, waitTarget);
  }
}
