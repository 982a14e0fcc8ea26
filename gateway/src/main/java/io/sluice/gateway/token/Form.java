package io.sluice.gateway.token;

import io.sluice.gateway.Body;
import io.sluice.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A form that a client posted; no parameter comes twice (RFC 6749 section 3.2). */
record Form(Map<String, String> parameters) {
  private static final int BYTES_MAX = 8 * 1024;
  private static final int PARAMETERS_MAX = 32;
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final String TYPE = "application/x-www-form-urlencoded";

  /** A parameter; an empty one counts as not sent (RFC 6749 section 3.2). */
  Optional<String> get(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  String need(String name) {
    return get(name).orElseThrow(() -> OAuthError.invalidRequest(name + " is missing."));
  }

  /** Reads the body, bounded in bytes, time and memory; fails with {@link OAuthError}. */
  static <T> Future<T> read(Vertx vertx, RoutingContext http, Function<Form, Future<T>> use) {
    String type = http.request().getHeader("Content-Type");
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(TYPE)) {
      return Future.failedFuture(OAuthError.invalidRequest("Send " + TYPE + "."));
    }
    return new Body(vertx, BYTES_MAX, DEADLINE)
        .bytes(http, bytes -> use.apply(parse(bytes)))
        .recover(e -> Future.failedFuture(e instanceof Refusal it ? inOAuthWords(it) : e));
  }

  private static OAuthError inOAuthWords(Refusal refusal) {
    return switch (refusal.problem().code()) {
      case TOO_MANY_BODIES, OVERLOADED -> OAuthError.overloaded();
      default -> OAuthError.invalidRequest(refusal.problem().detail());
    };
  }

  private static Form parse(Buffer body) {
    Map<String, String> parameters = new HashMap<>();
    String text = body.toString(StandardCharsets.UTF_8);
    for (String pair : text.isEmpty() ? new String[0] : text.split("&", PARAMETERS_MAX + 1)) {
      String[] parts = pair.split("=", 2);
      String before = parameters.put(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
      if (before != null || parameters.size() > PARAMETERS_MAX) {
        throw OAuthError.invalidRequest("A parameter comes twice, or there are too many.");
      }
    }
    return new Form(Map.copyOf(parameters));
  }

  static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw OAuthError.invalidRequest("A % needs two hexadecimal digits.");
    }
  }

  @Override
  public String toString() {
    return "Form" + parameters.keySet();
  }
}
