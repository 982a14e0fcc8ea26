package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.sluice.Embedding;
import io.sluice.Ending;
import io.sluice.JobKind;
import io.sluice.JobRecord;
import io.sluice.Output;
import io.sluice.codec.EmbeddingCodec;
import io.sluice.codec.Json;
import io.sluice.gateway.held.Order;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.submit.Faults;
import io.sluice.gateway.submit.Fields;
import java.util.List;
import java.util.Optional;

/**
 * The bodies of {@code POST /api/embed}, and of the older {@code POST /api/embeddings}, which has
 * one text in {@code prompt}. No option of a request can change a vector, so all are left out.
 */
final class EmbedRequest {
  private final Faults faults = new Faults();
  private final Fields fields;
  private final boolean older;

  EmbedRequest(JsonNode json, boolean older) {
    if (!json.isObject()) {
      throw ProblemCode.MALFORMED_JSON.with("The body must be an object.").refusal();
    }
    this.fields = new Fields(json, "", faults);
    this.older = older;
  }

  Order order() {
    String model = fields.required("model", 1, 200);
    Seconds.read(fields, "keep_alive");
    Optional<JsonNode> input = fields.any(textsAt()).filter(texts -> !isEmpty(texts));
    boolean one = input.map(JsonNode::isTextual).orElse(true);
    fields.check(!older || one, "prompt", "It must be a string.");
    ObjectNode job = Json.object().put("kind", JobKind.EMBED.wireName()).put("model", model);
    input.ifPresent(texts -> job.set("input", texts));
    if (!older) {
      put(job);
    }
    if (faults.any()) {
      throw faults.problem().refusal();
    }
    return input.isEmpty()
        ? new Order.Immediate(
            JobKind.EMBED, model, problem -> phrased(problem, model), loaded(model))
        : new Order.Whole(job, problem -> phrased(problem, model), ended -> answer(model, ended));
  }

  private String textsAt() {
    return older ? "prompt" : "input";
  }

  /** Nothing to read: Ollama then loads the model. */
  private static boolean isEmpty(JsonNode texts) {
    return texts.isArray() ? texts.isEmpty() : texts.isTextual() && texts.textValue().isEmpty();
  }

  /** An input is cut only where the client says so, not because it says nothing. */
  private void put(ObjectNode job) {
    fields
        .any("truncate")
        .filter(it -> fields.check(it.isBoolean(), "truncate", "It must be true or false."))
        .filter(JsonNode::booleanValue)
        .ifPresent(it -> job.put("truncate", true));
    fields
        .any("dimensions")
        .filter(it -> fields.check(it.isIntegralNumber(), "dimensions", "It must be whole."))
        .filter(it -> it.decimalValue().signum() > 0)
        .ifPresent(it -> job.set("dimensions", it));
  }

  private JsonNode answer(String model, JobRecord ended) {
    Output output = ended.ending().map(Ending::output).orElse(Output.NONE);
    List<Embedding> vectors = output.embeddings();
    if (older) {
      String first = vectors.stream().findFirst().map(EmbeddingCodec::json).orElse("[]");
      ObjectNode answer = Json.object();
      answer.putRawValue("embedding", new RawValue(first));
      return answer;
    }
    ObjectNode answer = Json.object().put("model", model);
    answer.putRawValue("embeddings", new RawValue(EmbeddingCodec.json(vectors)));
    Lines.putCost(answer, ended);
    return answer;
  }

  private JsonNode loaded(String model) {
    ObjectNode answer = Json.object();
    if (older) {
      answer.putArray("embedding");
      return answer;
    }
    answer.put("model", model).putArray("embeddings");
    return answer;
  }

  /** In the words that Ollama has for it, which clients look for. */
  private Problem phrased(Problem problem, String model) {
    if (problem.code() == ProblemCode.MODEL_NOT_FOUND) {
      return problem.detail("model \"" + model + "\" not found, try pulling it first");
    }
    return older ? OllamaNames.of(problem, "/input", "/prompt") : problem;
  }
}
