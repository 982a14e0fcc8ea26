package io.sluice.gateway;

import io.sluice.AuditEvent;
import io.sluice.AuditLog;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An audit log in memory. */
final class MemoryAudit implements AuditLog {
  final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  volatile boolean away;

  /** Where all of it is written too. */
  volatile Optional<AuditLog> copy = Optional.empty();

  @Override
  public Future<Void> append(AuditEvent event) {
    if (away) {
      return Future.failedFuture(new Unavailable("audit log", "taken away by the test"));
    }
    events.add(event);
    return copy.map(log -> log.append(event)).orElseGet(Future::succeededFuture);
  }

  @Override
  public Future<List<AuditEvent>> search(Query query) {
    if (away) {
      return Future.failedFuture(new Unavailable("audit log", "taken away by the test"));
    }
    return Future.succeededFuture(
        events.reversed().stream()
            .filter(event -> query.action().map(event.action()::equals).orElse(true))
            .filter(event -> query.tenant().equals(event.tenant()) || query.tenant().isEmpty())
            .limit(query.limit())
            .toList());
  }
}
