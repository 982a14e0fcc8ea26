package io.sluice.gateway;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.sluice.gateway.problem.EarlyEnd;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What no request may be, before anybody looks at what it wants: whatever two servers in a row
 * could read differently.
 */
final class Edge implements Handler<RoutingContext> {
  private static final int HEADERS_MAX = 64;

  /** HTTP/1.1 refuses a longer line while it reads; HTTP/2 has only the bound on all headers. */
  private static final int LINE_CHARS_MAX = 4 * 1024;

  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final List<String> ONCE =
      List.of(
          "Host",
          "Authorization",
          "Content-Type",
          "Content-Encoding",
          "Transfer-Encoding",
          "Idempotency-Key",
          "Last-Event-ID",
          "X-Session-Id");
  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  @Override
  public void handle(RoutingContext http) {
    http.addEndHandler(answered -> EarlyEnd.ofLeftovers(http.vertx(), http.request()));
    Optional<Problem> problem = check(http.request());
    if (problem.isPresent()) {
      http.fail(problem.get().closing().refusal());
    } else {
      http.next();
    }
  }

  /** What the router answers by itself, without asking its handlers. */
  static Optional<Problem> unroutable(HttpServerRequest request) {
    if (!METHODS.contains(request.method())) {
      return Optional.of(ProblemCode.METHOD_NOT_ALLOWED.with("The method is not served at all."));
    }
    if (!request.uri().startsWith("/")) {
      return Optional.of(ProblemCode.MALFORMED_REQUEST.with("The target must be a path."));
    }
    return Optional.empty();
  }

  private static Optional<Problem> check(HttpServerRequest request) {
    MultiMap headers = request.headers();
    if (headers.entries().size() > HEADERS_MAX) {
      return Optional.of(
          ProblemCode.HEADERS_TOO_LARGE.with("At most " + HEADERS_MAX + " headers are taken."));
    }
    if (request.uri().length() > LINE_CHARS_MAX) {
      return Optional.of(unreadable(new TooLongHttpLineException()));
    }
    if (BROKEN_ESCAPE.matcher(request.path()).find()) {
      return Optional.of(
          ProblemCode.MALFORMED_REQUEST.with("A % in the path needs two hexadecimal digits."));
    }
    if (headers.names().stream().anyMatch(name -> name.isEmpty() || name.indexOf('_') >= 0)) {
      return Optional.of(
          ProblemCode.MALFORMED_REQUEST.with(
              "The name of a header may not be empty and have no underscore."));
    }
    String coding = headers.get("Transfer-Encoding");
    if (coding != null && !coding.equalsIgnoreCase("chunked")) {
      return Optional.of(
          ProblemCode.MALFORMED_REQUEST.with("Transfer-Encoding may only be chunked."));
    }
    return ONCE.stream()
        .filter(name -> headers.getAll(name).size() > 1)
        .findFirst()
        .or(() -> Optional.of("X-Api-Key").filter(name -> both(headers, name)))
        .map(name -> ProblemCode.MALFORMED_REQUEST.with(name + " is one header too many."));
  }

  private static boolean both(MultiMap headers, String other) {
    return headers.contains("Authorization") && headers.contains(other);
  }

  /** What a request is told that cannot even be read. */
  static Problem unreadable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpHeaderException e ->
          ProblemCode.HEADERS_TOO_LARGE.with("At most 8 KiB of headers are taken.");
      case TooLongHttpLineException e ->
          ProblemCode.URI_TOO_LONG.with("At most 4 KiB of request line are taken.");
      case null, default -> ProblemCode.MALFORMED_REQUEST.with("The request cannot be read.");
    };
  }
}
