package io.sluice.gateway;

import io.sluice.AuditEvent;
import io.sluice.AuditLog;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** An audit log in memory. */
final class MemoryAudit implements AuditLog {
  final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  volatile boolean away;

  /** Takes events and does not say so. */
  volatile boolean hangs;

  /** How long a search takes. */
  volatile Duration slowness = Duration.ZERO;

  /** Where all of it is written too. */
  volatile Optional<AuditLog> copy = Optional.empty();

  @Override
  public Future<Void> append(AuditEvent event) {
    if (away) {
      return Future.failedFuture(new Unavailable("audit log", "taken away by the test"));
    }
    events.add(event);
    return hangs
        ? Promise.<Void>promise().future()
        : copy.map(log -> log.append(event)).orElseGet(Future::succeededFuture);
  }

  @Override
  public Future<List<AuditEvent>> search(Query query) {
    if (away) {
      return Future.failedFuture(new Unavailable("audit log", "taken away by the test"));
    }
    List<AuditEvent> found =
        events.reversed().stream()
            .filter(event -> query.action().map(event.action()::equals).orElse(true))
            .filter(event -> query.tenant().equals(event.tenant()) || query.tenant().isEmpty())
            .limit(query.limit())
            .toList();
    return slowness.isZero() ? Future.succeededFuture(found) : later(found);
  }

  private <T> Future<T> later(T answer) {
    return Future.fromCompletionStage(
        CompletableFuture.supplyAsync(
            () -> answer,
            CompletableFuture.delayedExecutor(slowness.toMillis(), TimeUnit.MILLISECONDS)));
  }
}
