package io.sluice;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The trail of what was done: append-only, each entry bound to all before it, so that a change, a
 * removal or a reordering is found. Written in order of the calls.
 */
public interface AuditLog {
  /**
   * Writes an event down; on the disk when the Future completes. Never blocks. Fails with {@link
   * Unavailable} if it cannot be written, or if too many events wait for it; the event is then in
   * the process's log.
   */
  Future<Void> append(AuditEvent event);

  /** The newest entries that match, newest first. */
  Future<List<AuditEvent>> search(Query query);

  /**
   * What to look for; empty parts match everything.
   *
   * @param limit 1 to 1,001: one more than is shown tells whether there are more
   */
  record Query(
      Optional<String> tenant,
      Optional<String> principal,
      Optional<String> address,
      Optional<String> target,
      Optional<AuditEvent.Action> action,
      Optional<AuditEvent.Outcome> outcome,
      Optional<Instant> since,
      Optional<Instant> until,
      int limit) {}
}
