package io.sluice.gateway.problem;

import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.sluice.gateway.Unsent;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one failure path: whatever went wrong with a request becomes a problem here. */
public final class ProblemHandler implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final Vertx vertx;

  public ProblemHandler(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public void handle(RoutingContext http) {
    HttpServerResponse response = http.response();
    if (response.headWritten()) {
      EarlyEnd.cut(http.request());
      return;
    }
    Unsent.countRefusal(http, write(http.request(), problem(http)));
  }

  /** Writes a problem, also outside the router; completes when it is sent. */
  public Future<Void> write(HttpServerRequest request, Problem problem) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    ErrorShape shape = ErrorShape.of(request);
    response.setStatusCode(shape.status(problem));
    problem.headers().forEach(response::putHeader);
    shape.headers(problem).forEach(response::putHeader);
    response.putHeader("Content-Type", shape.contentType());
    response.putHeader("Cache-Control", "no-store");
    response.putHeader("X-Content-Type-Options", "nosniff");
    if (problem.closes()) {
      EarlyEnd.announce(request);
    }
    Future<Void> sent = response.end(Json.write(shape.body(problem)));
    if (problem.closes()) {
      EarlyEnd.after(sent, vertx, request);
    }
    return sent;
  }

  private static Problem problem(RoutingContext http) {
    return switch (http.failure()) {
      case Refusal refusal -> refusal.problem();
      case Unavailable away -> of(away);
      case HttpException e when e.getCause() instanceof Refusal refusal -> refusal.problem();
      case HttpException e when e.getCause() instanceof Unavailable away -> of(away);
      case null, default -> other(http);
    };
  }

  /** What a port that is away means to a client: try again soon. */
  public static Problem of(Unavailable away) {
    ProblemCode code =
        switch (away.part()) {
          case "queue" -> ProblemCode.QUEUE_UNAVAILABLE;
          case "audit log" -> ProblemCode.AUDIT_UNAVAILABLE;
          default -> ProblemCode.STORE_UNAVAILABLE;
        };
    String what = away.part().equals("files") ? "files are" : away.part() + " is";
    return code.with("The " + what + " not available now. Ask again.").retryAfter(RETRY_AFTER);
  }

  private static Problem other(RoutingContext http) {
    int status = http.statusCode();
    if (status == 400) {
      return ProblemCode.MALFORMED_REQUEST.with("The request cannot be read.").closing();
    }
    if (status == 404) {
      return ProblemCode.ROUTE_NOT_FOUND.with("See /openapi.yaml for what there is.");
    }
    if (http.failure() instanceof HttpClosedException) {
      LOG.debug("a client left in the middle of {}", http.request().method());
      return ProblemCode.MALFORMED_REQUEST.with("The request cannot be read.").closing();
    }
    String id = UUID.randomUUID().toString();
    LOG.error(
        "error {} at {} {}", id, http.request().method(), http.normalizedPath(), http.failure());
    return ProblemCode.INTERNAL_ERROR.with("The log has the reason under " + id + ".");
  }
}
