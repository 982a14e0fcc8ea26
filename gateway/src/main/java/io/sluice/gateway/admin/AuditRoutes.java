package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.AuditLog;
import io.sluice.Unavailable;
import io.sluice.codec.AuditCodec;
import io.sluice.codec.Json;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** {@code /admin/v1/audit}: what this gateway's audit log holds, newest first. */
public final class AuditRoutes {
  private static final int LIMIT_STANDARD = 100;
  private static final int LIMIT_MAX = 1_000;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Ledger ledger;
  private final AuditLog audit;

  AuditRoutes(Ledger ledger, AuditLog audit) {
    this.ledger = ledger;
    this.audit = audit;
  }

  /** Older entries than those shown are had with {@code until} at the time of the last one. */
  public void search(RoutingContext http) {
    ledger.act(
        http,
        Action.AUDIT_READ,
        "audit",
        act ->
            OnContext.found(http.vertx(), audit.search(query(http)))
                .recover(AuditRoutes::notFound)
                .map(
                    found -> {
                      Reply.json(http, 200, view(found));
                      return null;
                    }));
  }

  private static Future<List<AuditEvent>> notFound(Throwable e) {
    return Future.failedFuture(
        e instanceof Unavailable
            ? ProblemCode.AUDIT_UNAVAILABLE
                .with(
                    "The audit log could not be searched, or not within five seconds. Ask for less,"
                        + " with `since`.")
                .retryAfter(RETRY_AFTER)
                .refusal()
            : e);
  }

  private static AuditLog.Query query(RoutingContext http) {
    return new AuditLog.Query(
        Parameters.query(http, "tenant"),
        Parameters.query(http, "principal"),
        Parameters.query(http, "address"),
        Parameters.query(http, "target"),
        choice(http, "action", Action.values(), Action::wireName),
        choice(http, "outcome", Outcome.values(), Outcome::wireName),
        time(http, "since"),
        time(http, "until"),
        Parameters.query(http, "limit")
            .map(text -> Parameters.number("limit", text, 1, LIMIT_MAX))
            .orElse(LIMIT_STANDARD));
  }

  private static <E> Optional<E> choice(
      RoutingContext http, String name, E[] all, Function<E, String> wireName) {
    return Parameters.query(http, name)
        .map(
            text ->
                Stream.of(all)
                    .filter(one -> wireName.apply(one).equals(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            Parameters.malformed("'" + name + "' is not the name of one.")
                                .refusal()));
  }

  private static Optional<Instant> time(RoutingContext http, String name) {
    return Parameters.query(http, name)
        .map(
            text -> {
              try {
                return Instant.parse(text);
              } catch (DateTimeException e) {
                throw Parameters.malformed(
                        "'" + name + "' must be a time such as 2026-01-31T12:00:00Z.")
                    .refusal();
              }
            });
  }

  private static ObjectNode view(List<AuditEvent> events) {
    ObjectNode json = Json.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    events.forEach(event -> data.add(AuditCodec.write(event)));
    return json;
  }
}
