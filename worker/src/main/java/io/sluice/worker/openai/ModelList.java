package io.sluice.worker.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.ModelFacts;
import io.sluice.codec.Json;
import io.sluice.worker.http.Call;
import io.sluice.worker.http.Endpoint;
import io.sluice.worker.http.Facts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** {@code /v1/models}: by which names the server knows its model, and the context that it has. */
record ModelList(Call call, Endpoint endpoint) {
  /** The server answered something else than its models. */
  static final class Refused extends Exception {
    private final Failure why;

    Refused(Failure why) {
      super(why.message(), null, false, false);
      this.why = why;
    }

    Failure why() {
      return why;
    }
  }

  /**
   * One model.
   *
   * @param names its id and, with llama-server, its aliases
   * @param contextTokens empty where the server does not say
   * @param said all that it says of the model
   */
  record Model(Set<String> names, OptionalInt contextTokens, JsonNode said) {
    /**
     * By the name that somebody asked with.
     *
     * @param capabilities as they were seen; none where nothing is known
     */
    ModelFacts facts(String name, List<String> capabilities) {
      JsonNode meta = said.path("meta");
      ObjectNode details = Json.object();
      long parameters = meta.path("n_params").asLong();
      if (parameters > 0) {
        details.put("parameter_size", String.format(Locale.ROOT, "%.1fB", parameters / 1e9));
      }
      long created = said.path("created").asLong();
      return new ModelFacts(
          name,
          Optional.empty(),
          Facts.bytes(meta.path("size")),
          created > 0 ? Optional.of(Instant.ofEpochSecond(created)) : Optional.empty(),
          Json.write(details),
          capabilities,
          contextTokens,
          Json.write(info(parameters)),
          Optional.of(new ModelFacts.Loaded(0, 0, contextTokens, Optional.empty())));
    }

    private static ObjectNode info(long parameters) {
      ObjectNode info = Json.object();
      return parameters > 0 ? info.put("general.parameter_count", parameters) : info;
    }
  }

  record Models(List<Model> models) {
    List<String> names() {
      return models.stream().flatMap(model -> model.names().stream()).distinct().toList();
    }
  }

  Models ask(Duration within) throws IOException, TimeoutException, InterruptedException, Refused {
    Call.Answer answer = call.ask(endpoint.get("/v1/models").build(), within);
    if (answer.status() != 200) {
      throw new Refused(OpenAiErrors.refusal(answer.status(), answer.body()));
    }
    try {
      JsonNode data = Json.MAPPER.readTree(answer.body()).path("data");
      if (data.isArray()) {
        List<Model> models = new ArrayList<>();
        data.forEach(model -> models.add(model(model)));
        return new Models(models);
      }
    } catch (JsonProcessingException e) {
      throw new Refused(OpenAiErrors.of(FailureCode.ENGINE_PROTOCOL));
    }
    throw new Refused(OpenAiErrors.of(FailureCode.ENGINE_PROTOCOL));
  }

  /** vLLM and SGLang say max_model_len; llama-server the context of a slot, in newer versions. */
  private static Model model(JsonNode model) {
    Set<String> names = new LinkedHashSet<>();
    names.add(model.path("id").asText());
    model.path("aliases").forEach(alias -> names.add(alias.asText()));
    int context = model.path("max_model_len").asInt(model.path("meta").path("n_ctx").asInt(0));
    return new Model(names, context > 0 ? OptionalInt.of(context) : OptionalInt.empty(), model);
  }
}
