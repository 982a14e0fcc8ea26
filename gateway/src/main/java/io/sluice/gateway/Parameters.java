package io.sluice.gateway;

import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What clients say in queries and headers. */
public final class Parameters {
  static final int WAIT_SECONDS_MAX = 60;

  private Parameters() {}

  /** {@code ?wait=N}, seconds. */
  static Duration waitTime(RoutingContext http) {
    return query(http, "wait")
        .map(text -> number("wait", text, 0, WAIT_SECONDS_MAX))
        .map(Duration::ofSeconds)
        .orElse(Duration.ZERO);
  }

  /** {@code Prefer: wait=N}; a preference that cannot be read is no fault. */
  static Optional<Duration> preferredWait(RoutingContext http) {
    for (String header : http.request().headers().getAll("Prefer")) {
      for (String preference : header.split("[,;]")) {
        String text = preference.strip().toLowerCase(Locale.ROOT);
        if (text.matches("wait=[0-9]{1,6}")) {
          int seconds = Integer.parseInt(text.substring("wait=".length()));
          return Optional.of(Duration.ofSeconds(Math.min(seconds, WAIT_SECONDS_MAX)));
        }
      }
    }
    return Optional.empty();
  }

  public static int number(String name, String text, int min, int max) {
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw malformed("'" + name + "' must be a whole number from " + min + " to " + max + ".")
        .refusal();
  }

  /** A query parameter that is given once, or not at all. */
  public static Optional<String> query(RoutingContext http, String name) {
    List<String> given = http.queryParam(name);
    if (given.size() > 1) {
      throw malformed("'" + name + "' is given more than once.").refusal();
    }
    return given.stream().findFirst();
  }

  /** A header of printable characters that is given once, or not at all. */
  public static Optional<String> header(RoutingContext http, String name, int charsMax) {
    List<String> given = http.request().headers().getAll(name);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String text = given.getFirst();
    if (given.size() > 1 || !text.matches("[\\x20-\\x7e]{1," + charsMax + "}")) {
      throw malformed(
              name + " must be given once and have 1 to " + charsMax + " printable characters.")
          .refusal();
    }
    return Optional.of(text);
  }

  public static Problem malformed(String detail) {
    return ProblemCode.MALFORMED_REQUEST.with(detail);
  }
}
