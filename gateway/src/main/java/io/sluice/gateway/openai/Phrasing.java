package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Tells what is wrong with a job by the names of the request that it was made of.
 *
 * @param origins where fields of the job came from: pointers into the job, and into the request
 * @param prompt the parameter that holds the prompt
 */
public record Phrasing(Map<String, String> origins, String prompt)
    implements UnaryOperator<Problem> {
  public Phrasing {
    origins = Map.copyOf(origins);
  }

  @Override
  public Problem apply(Problem problem) {
    Optional<JsonNode> errors = Optional.ofNullable(problem.members().get("errors"));
    if (errors.isPresent()) {
      return problem.member("errors", renamed(errors.get()));
    }
    return problem.code() == ProblemCode.CONTEXT_LENGTH_EXCEEDED
        ? OpenAiMembers.withParam(problem, prompt)
        : problem;
  }

  private ArrayNode renamed(JsonNode errors) {
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (JsonNode error : errors) {
      all.addObject()
          .put("pointer", origin(error.path("pointer").asText()))
          .put("detail", error.path("detail").asText());
    }
    return all;
  }

  private String origin(String pointer) {
    return origins.entrySet().stream()
        .filter(it -> pointer.equals(it.getKey()) || pointer.startsWith(it.getKey() + "/"))
        .findFirst()
        .map(it -> it.getValue() + pointer.substring(it.getKey().length()))
        .orElse(pointer)
        .replaceFirst("^(/messages/[0-9]+)/images(/[0-9]+)?$", "$1/content")
        .replaceFirst("^(/messages/[0-9]+)/thinking$", "$1/reasoning_content");
  }
}
