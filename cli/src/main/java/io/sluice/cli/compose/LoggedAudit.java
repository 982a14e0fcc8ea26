package io.sluice.cli.compose;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.AuditEvent;
import io.sluice.AuditLog;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.vertx.core.Future;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trail as lines of JSON in the process's log, under the name {@code audit}: as durable as that
 * log, not chained and not searched. It stands in until there are files of its own.
 */
final class LoggedAudit implements AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger("audit");
  private static final int VALUE_CHARS_MAX = 1_000;

  /** What could end a line, or reorder it before a reader's eyes. */
  private static final Pattern UNSAFE =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]");

  @Override
  public Future<Void> append(AuditEvent event) {
    ObjectNode json =
        Json.object()
            .put("at", event.at().toString())
            .put("action", event.action().wireName())
            .put("outcome", event.outcome().wireName());
    event.tenant().ifPresent(value -> json.put("tenant", harmless(value)));
    event.principal().ifPresent(value -> json.put("principal", harmless(value)));
    event.address().ifPresent(value -> json.put("address", harmless(value)));
    event.target().ifPresent(value -> json.put("target", harmless(value)));
    new TreeMap<>(event.details()).forEach((name, value) -> json.put(name, harmless(value)));
    LOG.info("{}", Json.write(json));
    return Future.succeededFuture();
  }

  @Override
  public Future<List<AuditEvent>> search(Query query) {
    return Future.failedFuture(
        new Unavailable("audit log", "it is in the process's log, which is not searched here"));
  }

  private static String harmless(String value) {
    String cut = value.substring(0, Math.min(value.length(), VALUE_CHARS_MAX));
    return UNSAFE.matcher(cut).replaceAll("?");
  }
}
