package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.Problem;

/** Fields of a job by the names that a client of Ollama gave them. */
final class OllamaNames {
  private OllamaNames() {}

  static Problem of(Problem problem) {
    return of(problem, "/max_output_tokens", "/options/num_predict");
  }

  /**
   * @param pointer to a field of the job, which the client named otherwise
   */
  static Problem of(Problem problem, String pointer, String named) {
    if (!problem.members().containsKey("errors")) {
      return problem;
    }
    ArrayNode renamed = Json.MAPPER.createArrayNode();
    for (JsonNode fault : problem.members().get("errors")) {
      renamed
          .addObject()
          .put("pointer", renamed(fault.path("pointer").asText(), pointer, named))
          .set("detail", fault.path("detail"));
    }
    return problem.member("errors", renamed);
  }

  private static String renamed(String at, String pointer, String named) {
    return at.equals(pointer) ? named : at;
  }
}
