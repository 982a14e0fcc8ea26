package io.sluice;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Something that somebody may ask about later: who, what, from where, with what outcome. Never a
 * prompt, a completion or a secret.
 *
 * @param principal the key or subject that did it, where it is known; of a credential that was
 *     refused only the public id
 * @param address the client's address, where there was one
 * @param target what it was done to: a job, a key, a tenant
 * @param details further facts, few and short; each value is cut at 1,000 characters
 */
public record AuditEvent(
    Instant at,
    Action action,
    Outcome outcome,
    Optional<String> tenant,
    Optional<String> principal,
    Optional<String> address,
    Optional<String> target,
    Map<String, String> details) {

  public AuditEvent {
    details = Map.copyOf(details);
  }

  /** What was done or tried: one closed list. */
  public enum Action {
    AUTHENTICATE,
    AUTHORIZE,
    BLOCK,
    TOKEN_ISSUE,
    TOKEN_REFRESH,
    TOKEN_REVOKE,
    TOKEN_REUSE,
    KEY_CREATE,
    KEY_REVOKE,
    TENANT_CHANGE,
    TENANT_REMOVE,
    TOKEN_KEY_CREATE,
    TOKEN_KEY_REVOKE,
    LIMIT,
    CERTIFICATE_RELOAD,
    AUDIT_READ,
    JOB_SUBMIT,
    JOB_START,
    JOB_RETRY,
    JOB_CANCEL,
    JOB_END,
    PROCESS_START,
    PROCESS_STOP;

    /** The name on the wire: {@code key_create}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How it went. */
  public enum Outcome {
    /** Done. */
    SUCCESS,
    /** Refused on purpose. */
    REFUSED,
    /** It could not be done. */
    FAILED,
    /** A limit in shadow mode would have refused it. */
    SHADOWED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
