package io.sluice.gateway.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.FailureCode;
import io.sluice.codec.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A problem as OpenAI tells it. Its SDKs choose the class of their exception by the status, read
 * all four fields of the body, and retry 408, 409, 429 and 5xx unless a header says no.
 *
 * @param param the field of the request that is at fault, {@code messages[0].content}
 */
public record OpenAiError(
    int status, String message, String type, Optional<String> param, String code) {
  private static final String CLIENT = "invalid_request_error";
  private static final String QUOTA = "insufficient_quota";
  private static final int FAULTS_TOLD_MAX = 5;

  public static OpenAiError of(Problem problem) {
    return new OpenAiError(
        status(problem), message(problem), type(problem), param(problem), code(problem));
  }

  public ObjectNode body() {
    ObjectNode body = Json.object();
    body.putObject("error")
        .put("message", message)
        .put("type", type)
        .put("param", param.orElse(null))
        .put("code", code);
    return body;
  }

  /** What the SDKs look for besides. */
  static Map<String, String> headers(Problem problem) {
    Map<String, String> headers = new LinkedHashMap<>();
    Optional.ofNullable(problem.headers().get("Retry-After"))
        .ifPresent(seconds -> headers.put("retry-after-ms", seconds + "000"));
    if (isFinal(problem)) {
      headers.put("x-should-retry", "false");
    }
    return headers;
  }

  /** OpenAI says 400 of whatever is wrong with a request itself. */
  private static int status(Problem problem) {
    int status = problem.code().status();
    return status == 422 ? 400 : status;
  }

  private static String type(Problem problem) {
    int status = problem.code().status();
    if (status == 429) {
      return problem.code() == ProblemCode.RATE_LIMIT_EXCEEDED ? limited(problem) : "requests";
    }
    return status >= 500 ? "server_error" : CLIENT;
  }

  private static String code(Problem problem) {
    return switch (problem.code()) {
      case UNAUTHORIZED -> "invalid_api_key";
      case ROUTE_NOT_FOUND -> "unknown_url";
      case INVALID_REQUEST -> member(problem, OpenAiMembers.CODE).orElse("invalid_value");
      case RATE_LIMIT_EXCEEDED ->
          limited(problem).equals(QUOTA) ? QUOTA : problem.code().wireName();
      default -> member(problem, "failure").orElse(problem.code().wireName());
    };
  }

  /** Which kind of limit it was. The budget of a day is a quota: no retry helps soon. */
  private static String limited(Problem problem) {
    String names = String.valueOf(problem.members().get("violated_policies"));
    if (names.contains("_per_day")) {
      return QUOTA;
    }
    return names.contains("tokens") ? "tokens" : "requests";
  }

  /** Whether another try would end the same way, though its status is one that is retried. */
  private static boolean isFinal(Problem problem) {
    boolean hopeless =
        member(problem, "failure")
            .flatMap(OpenAiError::failure)
            .filter(failure -> !failure.retryable())
            .isPresent();
    if (problem.code() == ProblemCode.FILE_IN_USE) {
      return true;
    }
    boolean quota = problem.code() == ProblemCode.RATE_LIMIT_EXCEEDED;
    return hopeless || quota && limited(problem).equals(QUOTA);
  }

  private static Optional<FailureCode> failure(String wireName) {
    return List.of(FailureCode.values()).stream()
        .filter(code -> code.wireName().equals(wireName))
        .findAny();
  }

  /** What is wrong, in one line, with the fields that are. */
  private static String message(Problem problem) {
    List<String> faults = new ArrayList<>();
    for (JsonNode fault : errors(problem)) {
      String place = place(fault);
      String detail = fault.path("detail").asText();
      faults.add(place.isEmpty() ? detail : "'" + place + "': " + detail);
    }
    int more = faults.size() - FAULTS_TOLD_MAX;
    return faults.isEmpty()
        ? problem.detail()
        : String.join(" ", faults.subList(0, Math.min(FAULTS_TOLD_MAX, faults.size())))
            + (more > 0 ? " And " + more + " more." : "");
  }

  private static Optional<String> param(Problem problem) {
    Optional<String> first =
        Optional.of(place(errors(problem).path(0))).filter(place -> !place.isEmpty());
    Optional<String> model =
        Optional.of("model").filter(is -> problem.code() == ProblemCode.MODEL_NOT_FOUND);
    return member(problem, OpenAiMembers.PARAM).or(() -> first).or(() -> model);
  }

  private static JsonNode errors(Problem problem) {
    return problem.members().getOrDefault("errors", Json.object());
  }

  private static String place(JsonNode fault) {
    return OpenAiMembers.place(fault.path("pointer").asText());
  }

  private static Optional<String> member(Problem problem, String name) {
    return Optional.ofNullable(problem.members().get(name)).map(JsonNode::asText);
  }
}
