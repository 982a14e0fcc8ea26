package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import java.util.Map;
import java.util.Optional;

/**
 * An error as OpenAI tells it. The SDKs choose the class of their exception by the status, and read
 * all four fields.
 *
 * @param param the field of the request that is at fault
 */
record OpenAiError(int status, String message, String type, Optional<String> param, String code) {
  static final String SERVER = "server_error";
  static final String CLIENT = "invalid_request_error";

  private static final int FAULTS_TOLD_MAX = 5;

  /**
   * A refusal.
   *
   * @param origins where fields of the job came from, if the request got that far
   */
  static OpenAiError of(Problem problem, Map<String, String> origins) {
    Faulty faulty = Faulty.of(problem, origins);
    return new OpenAiError(
        status(problem.code()), faulty.message(), type(problem), faulty.param(), code(problem));
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    json.putObject("error")
        .put("message", message)
        .put("type", type)
        .put("param", param.orElse(null))
        .put("code", code);
    return json;
  }

  /** OpenAI says 400 of whatever is wrong with a request itself. */
  private static int status(ProblemCode code) {
    return code.status() == 422 ? 400 : code.status();
  }

  private static String type(Problem problem) {
    if (problem.code().status() >= 500) {
      return SERVER;
    }
    return switch (problem.code()) {
      case RATE_LIMIT_EXCEEDED -> ofLimit(problem);
      case TOO_MANY_WAITING, DEADLINE_UNATTAINABLE, TOO_MANY_FAILURES -> "requests";
      case TOO_MANY_BODIES, TOO_MANY_READERS -> "requests";
      default -> CLIENT;
    };
  }

  private static String code(Problem problem) {
    return switch (problem.code()) {
      case UNAUTHORIZED -> "invalid_api_key";
      case ROUTE_NOT_FOUND -> "unknown_url";
      case INVALID_REQUEST ->
          Optional.ofNullable(problem.members().get(Unsupported.CODE))
              .map(JsonNode::asText)
              .orElse("invalid_value");
      case RATE_LIMIT_EXCEEDED ->
          ofLimit(problem).equals(QUOTA) ? QUOTA : problem.code().wireName();
      default -> problem.code().wireName();
    };
  }

  private static final String QUOTA = "insufficient_quota";

  /** Which kind of limit it was; the budget of a day is a quota, which no retry helps. */
  private static String ofLimit(Problem problem) {
    String names = String.valueOf(problem.members().get("violated_policies"));
    if (names.contains("_per_day")) {
      return QUOTA;
    }
    return names.contains("tokens") ? "tokens" : "requests";
  }

  /** What is told of the fields that are at fault. */
  private record Faulty(String message, Optional<String> param) {
    static Faulty of(Problem problem, Map<String, String> origins) {
      Optional<String> named =
          Optional.ofNullable(problem.members().get(Unsupported.PARAM)).map(JsonNode::asText);
      JsonNode errors = problem.members().get("errors");
      if (named.isPresent() || errors == null || errors.isEmpty()) {
        return new Faulty(problem.detail(), named.or(() -> ofModel(problem.code())));
      }
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < Math.min(errors.size(), FAULTS_TOLD_MAX); i++) {
        String at = Place.of(origin(errors.get(i).path("pointer").asText(), origins));
        all.append(all.isEmpty() ? "" : " ").append(at.isEmpty() ? "" : "'" + at + "': ");
        all.append(errors.get(i).path("detail").asText());
      }
      String first = Place.of(origin(errors.get(0).path("pointer").asText(), origins));
      return new Faulty(all.toString(), Optional.of(first).filter(at -> !at.isEmpty()));
    }

    private static Optional<String> ofModel(ProblemCode code) {
      return code == ProblemCode.MODEL_NOT_FOUND ? Optional.of("model") : Optional.empty();
    }

    /** The place in the request for one in the job. */
    private static String origin(String pointer, Map<String, String> origins) {
      return origins.entrySet().stream()
          .filter(it -> pointer.equals(it.getKey()) || pointer.startsWith(it.getKey() + "/"))
          .findFirst()
          .map(it -> it.getValue() + pointer.substring(it.getKey().length()))
          .orElse(pointer);
    }
  }
}
