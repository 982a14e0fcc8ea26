package io.sluice.file;

import io.sluice.AuditEvent;
import io.vertx.core.Promise;

/** An event and the one who waits until it is on the disk. */
record Waiting(AuditEvent event, Promise<Void> promise) {
  Waiting(AuditEvent event) {
    this(event, Promise.promise());
  }
}
