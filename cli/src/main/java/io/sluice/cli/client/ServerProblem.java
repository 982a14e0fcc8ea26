package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An answer of the server that is not the one asked for: RFC 9457, or whatever came instead. */
final class ServerProblem extends RuntimeException {
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private final int status;
  private final transient Optional<Duration> retryAfter;
  private final boolean midway;

  private ServerProblem(int status, Optional<Duration> retryAfter, boolean midway, String message) {
    super(message, null, false, false);
    this.status = status;
    this.retryAfter = retryAfter;
    this.midway = midway;
  }

  static ServerProblem of(int status, HttpHeaders headers, String body) {
    Optional<Duration> retryAfter =
        headers
            .firstValue("Retry-After")
            .filter(text -> text.matches("[0-9]{1,6}"))
            .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    return new ServerProblem(status, retryAfter, false, sentence(status, body));
  }

  /** A problem in the middle of a stream. */
  static ServerProblem of(JsonNode problem) {
    return new ServerProblem(
        problem.path("status").asInt(500), Optional.empty(), true, sentence(problem, "error"));
  }

  /** Whether a stream was ended because the credential that opened it has. */
  boolean endedCredential() {
    return midway && status == 401;
  }

  boolean isNotFound() {
    return status == 404;
  }

  /** How long to wait before asking again, where that may help soon. */
  Optional<Duration> worthWaiting() {
    Duration wait = retryAfter.orElse(SHORTEST_WAIT);
    boolean passing = status == 429 || status >= 500;
    return passing && wait.compareTo(LONGEST_WAIT) <= 0 ? Optional.of(wait) : Optional.empty();
  }

  /**
   * How long to wait before asking again, for who has hours: as long as the server says. Nothing
   * where it is refused for good.
   *
   * @param otherwise the wait where the server names none
   */
  Optional<Duration> passesAfter(Duration otherwise) {
    boolean passing = status == 408 || status == 429 || status >= 500;
    return passing ? Optional.of(retryAfter.orElse(otherwise)) : Optional.empty();
  }

  /** Whether somebody who knows better says that it will pass: a proxy, or a limit with its end. */
  boolean isAway() {
    return status == 502 || status == 503 || status == 504 || retryAfter.isPresent();
  }

  /** Whether the body was too large, which says nothing of others. */
  boolean isTooLarge() {
    return status == 413;
  }

  Refusal asRefusal() {
    return new Refusal(status >= 500 ? Exit.UNAVAILABLE : Exit.REFUSED, getMessage());
  }

  private static String sentence(int status, String body) {
    try {
      return sentence(Json.parse(body), "HTTP " + status);
    } catch (CodecException e) {
      return "HTTP " + status + " from something that is not Sluice";
    }
  }

  private static String sentence(JsonNode problem, String otherwise) {
    return problem.path("error").isObject()
        ? openAi(problem.path("error"), otherwise)
        : sluice(problem, otherwise);
  }

  /** OpenAI's body, as its surfaces have it. */
  private static String openAi(JsonNode error, String otherwise) {
    String message = error.path("message").asText("no reason given");
    String param = error.path("param").asText("");
    return error.path("code").asText(otherwise)
        + ": "
        + message
        + (param.isEmpty() || param.equals("null") ? "" : " (" + param + ")");
  }

  private static String sluice(JsonNode problem, String otherwise) {
    List<String> parts = new ArrayList<>();
    parts.add(problem.path("detail").asText(problem.path("title").asText("no reason given")));
    for (JsonNode error : problem.path("errors")) {
      parts.add((error.path("pointer").asText() + " " + error.path("detail").asText()).strip());
    }
    return problem.path("code").asText(otherwise) + ": " + String.join("; ", parts);
  }
}
