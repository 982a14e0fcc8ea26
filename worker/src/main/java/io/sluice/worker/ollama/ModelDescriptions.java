package io.sluice.worker.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ModelFacts;
import io.sluice.codec.Json;
import io.sluice.worker.http.Facts;
import java.util.Optional;

/** What Ollama says of one model, in three places. */
final class ModelDescriptions {
  private ModelDescriptions() {}

  /**
   * @param tag of {@code /api/tags}
   * @param show of {@code /api/show}, without a license and the like, which are its owner's
   * @param loaded of {@code /api/ps}, missing where it is not loaded
   */
  static ModelFacts of(String model, JsonNode tag, JsonNode show, JsonNode loaded) {
    JsonNode info = show.path("model_info");
    JsonNode details = tag.has("details") ? tag.path("details") : show.path("details");
    JsonNode able = show.has("capabilities") ? show : tag;
    String family = info.path("general.architecture").asText();
    return new ModelFacts(
        model,
        Facts.word(tag.path("digest")),
        Facts.bytes(tag.path("size")),
        Facts.time(tag.path("modified_at")),
        Json.write(Facts.small(details)),
        Facts.words(able.path("capabilities")),
        Facts.tokens(info.path(family + ".context_length")),
        Json.write(Facts.small(info)),
        loaded.isObject() ? Optional.of(loaded(loaded)) : Optional.empty());
  }

  private static ModelFacts.Loaded loaded(JsonNode loaded) {
    return new ModelFacts.Loaded(
        Facts.bytes(loaded.path("size")).orElse(0),
        Facts.bytes(loaded.path("size_vram")).orElse(0),
        Facts.tokens(loaded.path("context_length")),
        Facts.time(loaded.path("expires_at")));
  }

  /** The one of a list of models that is asked for by this name; missing where it is not there. */
  static JsonNode named(String model, JsonNode answer) {
    for (JsonNode one : answer.path("models")) {
      String name = one.path("name").asText();
      if (name.equals(model) || name.equals(model + ":latest")) {
        return one;
      }
    }
    return Json.MAPPER.missingNode();
  }
}
