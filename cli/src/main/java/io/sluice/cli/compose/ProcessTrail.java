package io.sluice.cli.compose;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.AuditLog;
import java.time.Instant;

/** What a process tells the audit log of itself. */
final class ProcessTrail {
  private final AuditLog audit;

  ProcessTrail(AuditLog audit) {
    this.audit = audit;
  }

  void started(String instance, String form) {
    audit.append(event(Action.PROCESS_START, instance).detail("form", form));
  }

  void stopping(String instance) {
    audit.append(event(Action.PROCESS_STOP, instance));
  }

  private static AuditEvent event(Action action, String instance) {
    return AuditEvent.of(Instant.now(), action, Outcome.SUCCESS)
        .principal(OsUser.name())
        .target(instance)
        .detail("process", String.valueOf(ProcessHandle.current().pid()));
  }
}
