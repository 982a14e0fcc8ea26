package io.sluice;

import java.time.Instant;
import java.util.HashMap;
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

  /** An event of which only this is known. */
  public static AuditEvent of(Instant at, Action action, Outcome outcome) {
    return new AuditEvent(
        at,
        action,
        outcome,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /** The same event of another moment, with another outcome. */
  public AuditEvent at(Instant moment, Outcome other) {
    return new AuditEvent(moment, action, other, tenant, principal, address, target, details);
  }

  public AuditEvent tenant(String name) {
    return new AuditEvent(
        at, action, outcome, Optional.of(name), principal, address, target, details);
  }

  public AuditEvent principal(String id) {
    return new AuditEvent(at, action, outcome, tenant, Optional.of(id), address, target, details);
  }

  /** The client's address; an empty text is none. */
  public AuditEvent address(String text) {
    Optional<String> from = Optional.of(text).filter(it -> !it.isEmpty());
    return new AuditEvent(at, action, outcome, tenant, principal, from, target, details);
  }

  public AuditEvent target(String id) {
    return new AuditEvent(
        at, action, outcome, tenant, principal, address, Optional.of(id), details);
  }

  /** The same event with one more fact. */
  public AuditEvent detail(String name, String value) {
    Map<String, String> more = new HashMap<>(details);
    more.put(name, value);
    return new AuditEvent(at, action, outcome, tenant, principal, address, target, more);
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
    /** A tenant gets a secret that messages to its webhooks are signed with. */
    WEBHOOK_SECRET_CREATE,
    /** Somebody asks for the end of a job to be told once more. */
    WEBHOOK_REDELIVER,
    /** The end of a job is told no more, though nobody took it. */
    WEBHOOK_GIVE_UP,
    TOKEN_KEY_CREATE,
    TOKEN_KEY_REVOKE,
    /** An operator has a worker pull nothing more. */
    WORKER_DRAIN,
    WORKER_RESUME,
    /** Answers that jobs share were forgotten. */
    CACHE_FORGET,
    LIMIT,
    /** Limits begin to tighten, or no longer do. */
    PRESSURE,
    CERTIFICATE_RELOAD,
    AUDIT_READ,
    /** The log was found damaged: a torn line was mended, or (failed) entries are missing. */
    AUDIT_REPAIR,
    /** Entries could not be written, so many. */
    AUDIT_LOSS,
    /** Old entries were deleted as the settings say. */
    AUDIT_PRUNE,
    /** An administrator looked at keys, tenants or token keys. */
    ADMIN_READ,
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
    /** About to be done: an entry of how it went follows. */
    BEGUN,
    /** Done. */
    SUCCESS,
    /** Refused on purpose. */
    REFUSED,
    /** It could not be done. */
    FAILED,
    /** No answer came in time: it may have been done, and may not. */
    UNKNOWN,
    /** A limit in shadow mode would have refused it. */
    SHADOWED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
