package io.sluice.cli.compose;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.AuditLog;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.file.FileAudit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Acts of administration on this machine, by whoever runs the process: each is written down before
 * it is done, is not done if that fails, and how it went is written down after. Blocks.
 */
public final class Recorder implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final AuditLog audit;
  private final AutoCloseable owner;

  private Recorder(AuditLog audit, AutoCloseable owner) {
    this.audit = audit;
    this.owner = owner;
  }

  /** On the audit log of the settings, opened for this. */
  public static Recorder open(AuditSettings settings, Path data) {
    FileAudit audit = Audits.open(settings, data);
    return new Recorder(audit, audit);
  }

  /** On a log that somebody else closes. */
  static Recorder on(AuditLog audit) {
    return new Recorder(audit, () -> {});
  }

  /**
   * Does it, and leaves its trail.
   *
   * @param facts adds what is known of it: whose, to what
   * @throws io.sluice.Unavailable if it cannot be written down; it is not done then
   */
  public <T> T record(Action action, UnaryOperator<AuditEvent> facts, Supplier<T> act) {
    Waiting.await(audit.append(facts.apply(event(action, Outcome.BEGUN))), LIMIT);
    try {
      T done = act.get();
      tell(facts.apply(event(action, Outcome.SUCCESS)));
      return done;
    } catch (RuntimeException e) {
      Outcome outcome = e instanceof Refusal ? Outcome.REFUSED : Outcome.FAILED;
      tell(facts.apply(event(action, outcome)).detail("cause", e.getClass().getSimpleName()));
      throw e;
    }
  }

  /** It is done, or not: what cannot be written any more is in the process's log. */
  private void tell(AuditEvent event) {
    try {
      Waiting.await(audit.append(event), LIMIT);
    } catch (RuntimeException e) {
      org.slf4j.LoggerFactory.getLogger(Recorder.class)
          .warn("{} is not in the audit log: {}", event.action().wireName(), e.getMessage());
    }
  }

  private static AuditEvent event(Action action, Outcome outcome) {
    return AuditEvent.of(Instant.now(), action, outcome).principal(OsUser.name());
  }

  @Override
  public void close() {
    try {
      owner.close();
    } catch (Exception e) {
      throw new IllegalStateException("the audit log did not close", e);
    }
  }
}
