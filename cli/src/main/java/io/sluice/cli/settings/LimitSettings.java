package io.sluice.cli.settings;

import io.sluice.Admission;

/** What may wait, and how long a prompt may be. */
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
            flag = "--max-prompt-tokens",
            variable = "SLUICE_MAX_PROMPT_TOKENS",
            value = "N",
            standard = "100000",
            min = 1,
            text = "the longest prompt, whatever the context of its model")
        int promptTokens) {

  public Admission.Bounds bounds() {
    return new Admission.Bounds(waitingPerTenant, waitingInTotal);
  }
}
