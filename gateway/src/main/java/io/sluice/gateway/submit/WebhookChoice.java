package io.sluice.gateway.submit;

import io.sluice.Job;
import io.sluice.Tenant;
import java.net.URI;
import java.util.Optional;

/**
 * Where the end of a job is told: where its client says, else where its tenant's ends are, unless
 * its client waits for the answer and so needs nobody to tell it. It is settled when the job comes
 * in, so that its message alone brings it back.
 */
final class WebhookChoice {
  private WebhookChoice() {}

  /** Refuses a webhook whose messages nobody could sign. */
  static Job of(Job job, Tenant terms, Presence client) {
    Optional<URI> url =
        job.webhook().or(() -> client == Presence.HELD ? Optional.empty() : terms.webhook().url());
    if (url.isEmpty()) {
      return job;
    }
    if (terms.webhook().secrets().isEmpty()) {
      Faults faults = new Faults();
      faults.add(
          "/webhook",
          "Your tenant has no secret yet that its messages are signed with: an administrator makes"
              + " one.");
      throw faults.problem().refusal();
    }
    return job.webhook(url.get());
  }
}
