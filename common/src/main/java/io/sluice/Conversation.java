package io.sluice;

import java.util.Optional;

/**
 * A client's session in one pool: its prompts begin alike, so that an engine which served it last
 * need not read that part again.
 *
 * @param session as its tenant named it; another tenant's of the same name is another conversation
 */
public record Conversation(Pool pool, String tenant, String session) {
  /** That of a job, if its client named one; nothing is kept of what an embed job reads. */
  public static Optional<Conversation> of(Job job) {
    return job.session()
        .filter(session -> job.kind() != JobKind.EMBED)
        .map(session -> new Conversation(job.pool(), job.tenant(), session));
  }
}
