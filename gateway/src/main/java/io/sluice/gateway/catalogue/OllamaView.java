package io.sluice.gateway.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ModelFacts;
import io.sluice.codec.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Models in Ollama's words. */
final class OllamaView {
  /** Ollama's own word for what is never let go. */
  private static final Instant NEVER = Instant.parse("2318-01-01T00:00:00Z");

  private static final List<String> TEXTS =
      List.of("parent_model", "format", "family", "parameter_size", "quantization_level");

  private OllamaView() {}

  /** {@code /api/tags}. */
  static ObjectNode tags(List<Entry> all) {
    ObjectNode json = Json.object();
    ArrayNode models = json.putArray("models");
    for (Entry entry : all) {
      ObjectNode one = models.addObject().put("name", entry.name()).put("model", entry.name());
      one.put("modified_at", Times.text(entry.modifiedAt())).put("size", entry.bytes());
      one.put("digest", entry.digest()).set("details", details(entry));
      entry.capabilities().forEach(one.putArray("capabilities")::add);
    }
    return json;
  }

  /** {@code /api/ps}: those in memory, the one that stays longest first. */
  static ObjectNode ps(List<Entry> all) {
    ObjectNode json = Json.object();
    ArrayNode models = json.putArray("models");
    all.stream()
        .filter(entry -> entry.loaded().isPresent())
        .sorted(Comparator.comparing(OllamaView::expiresAt).reversed())
        .forEach(entry -> models.add(loaded(entry, entry.loaded().orElseThrow())));
    return json;
  }

  private static ObjectNode loaded(Entry entry, ModelFacts.Loaded loaded) {
    ObjectNode one = Json.object().put("name", entry.name()).put("model", entry.name());
    one.put("size", loaded.bytes() > 0 ? loaded.bytes() : entry.bytes());
    one.put("digest", entry.digest()).set("details", details(entry));
    return one.put("expires_at", Times.text(expiresAt(entry)))
        .put("size_vram", loaded.gpuBytes())
        .put("context_length", entry.contextTokens());
  }

  private static Instant expiresAt(Entry entry) {
    return entry.loaded().flatMap(ModelFacts.Loaded::expiresAt).orElse(NEVER);
  }

  /**
   * {@code /api/show}, without what its owner wrote (license, template, system prompt, modelfile,
   * which names files of the worker). The context is the one that is served, since clients size
   * their prompts by it.
   */
  static ObjectNode show(Entry entry) {
    ObjectNode json = Json.object();
    json.put("parameters", "num_ctx " + entry.contextTokens());
    json.set("details", details(entry));
    ObjectNode info = json.putObject("model_info");
    info.put("general.architecture", "unknown");
    entry.info().properties().forEach(field -> info.set(field.getKey(), field.getValue()));
    info.put(info.path("general.architecture").asText() + ".context_length", entry.contextTokens());
    entry.capabilities().forEach(json.putArray("capabilities")::add);
    return json.put("modified_at", Times.text(entry.modifiedAt()));
  }

  /** Every text is there, if only as an empty one. */
  private static ObjectNode details(Entry entry) {
    ObjectNode details = Json.object();
    TEXTS.forEach(name -> details.put(name, ""));
    JsonNode known = entry.details();
    known.properties().stream()
        .filter(field -> !field.getValue().isNull())
        .forEach(field -> details.set(field.getKey(), field.getValue()));
    if (!details.path("families").isArray()) {
      ArrayNode families = details.putArray("families");
      if (!details.path("family").asText().isEmpty()) {
        families.add(details.path("family").asText());
      }
    }
    return details.put("context_length", entry.contextTokens());
  }
}
