package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.sluice.Embedding;
import io.sluice.Ending;
import io.sluice.JobRecord;
import io.sluice.codec.EmbeddingCodec;
import io.sluice.codec.Json;
import io.sluice.gateway.held.Order;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request for embeddings as an embed job, and its answer. */
final class EmbedTranslation {
  private static final Set<String> HONOURED =
      Set.of("model", "input", "encoding_format", "dimensions", "user", "safety_identifier");

  private final Asked asked;
  private final ObjectNode job = Json.object().put("kind", "embed");
  private final Map<String, String> origins = new HashMap<>();

  EmbedTranslation(JsonNode request) {
    this.asked = Asked.of(request);
  }

  Order order() {
    asked.allowOnly(HONOURED, SharedParameters.IGNORED);
    Optional<JsonNode> input = asked.any("input");
    asked.fields().check(input.isPresent(), "input", "It is missing.");
    input.ifPresent(this::input);
    asked.any("model").ifPresent(model -> job.set("model", model));
    asked.any("dimensions").ifPresent(many -> job.set("dimensions", many));
    session();
    boolean packed =
        asked
            .fields()
            .oneOf("encoding_format", List.of("float", "base64"))
            .filter("base64"::equals)
            .isPresent();
    asked.orRefuse();
    String model = asked.any("model").map(JsonNode::asText).orElse("");
    return new Order.Whole(
        job, new Phrasing(origins, "input"), ended -> answer(model, packed, ended));
  }

  /** Numbers of tokens are of one vocabulary, and the model's is another one. */
  private void input(JsonNode input) {
    boolean numbers = input.isArray() && !input.isEmpty() && !input.get(0).isTextual();
    if (numbers && (input.get(0).isNumber() || input.get(0).isArray())) {
      throw Unsupported.value(
          "input",
          "Numbers of tokens are not supported, since each model has its own. Send the text (in"
              + " LangChain with check_embedding_ctx_length=False).");
    }
    job.set("input", input);
  }

  private void session() {
    for (String name : List.of("safety_identifier", "user")) {
      Optional<JsonNode> who = asked.any(name).filter(it -> !it.asText("-").isEmpty());
      if (who.isPresent() && !job.has("session")) {
        job.set("session", who.get());
        origins.put("/session", "/" + name);
      }
    }
  }

  private static JsonNode answer(String model, boolean packed, JobRecord ended) {
    Ending ending = ended.ending().orElseThrow();
    ObjectNode answer = Json.object().put("object", "list");
    ArrayNode data = answer.putArray("data");
    for (Embedding vector : ending.output().embeddings()) {
      int index = data.size();
      ObjectNode one = data.addObject().put("object", "embedding").put("index", index);
      if (packed) {
        one.put("embedding", EmbeddingCodec.pack(vector));
      } else {
        one.putRawValue("embedding", new RawValue(EmbeddingCodec.json(vector)));
      }
    }
    answer.put("model", model);
    answer
        .putObject("usage")
        .put("prompt_tokens", ending.usage().promptTokens())
        .put("total_tokens", ending.usage().tokens());
    return answer;
  }
}
