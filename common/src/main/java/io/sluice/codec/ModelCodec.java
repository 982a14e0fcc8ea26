package io.sluice.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ModelFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What engines say of their models, as JSON. Written by workers of several versions at a time: what
 * is not known is left out, and of what cannot be read nothing is known.
 */
public final class ModelCodec {
  private ModelCodec() {}

  public static String write(List<ModelFacts> models) {
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (ModelFacts model : models) {
      ObjectNode json = all.addObject().put("model", model.model());
      model.digest().ifPresent(it -> json.put("digest", it));
      model.bytes().ifPresent(it -> json.put("bytes", it));
      model.modifiedAt().ifPresent(it -> json.put("modified", it.toEpochMilli()));
      json.set("details", Json.parse(model.details()));
      model.capabilities().forEach(json.putArray("capabilities")::add);
      model.contextTokens().ifPresent(it -> json.put("context", it));
      json.set("info", Json.parse(model.info()));
      model.loaded().ifPresent(it -> write(it, json.putObject("loaded")));
    }
    return Json.write(all);
  }

  private static void write(ModelFacts.Loaded loaded, ObjectNode json) {
    json.put("bytes", loaded.bytes()).put("gpu_bytes", loaded.gpuBytes());
    loaded.contextTokens().ifPresent(it -> json.put("context", it));
    loaded.expiresAt().ifPresent(it -> json.put("expires", it.toEpochMilli()));
  }

  /** Nothing where it is no such list. */
  public static List<ModelFacts> read(String text) {
    List<ModelFacts> models = new ArrayList<>();
    try {
      Json.parse(text).forEach(json -> models.add(model(json)));
      return models;
    } catch (CodecException e) {
      return List.of();
    }
  }

  private static ModelFacts model(JsonNode json) {
    List<String> capabilities = new ArrayList<>();
    json.path("capabilities").forEach(each -> capabilities.add(each.asText()));
    return new ModelFacts(
        json.path("model").asText(),
        Optional.ofNullable(json.get("digest")).map(JsonNode::asText),
        json.has("bytes") ? OptionalLong.of(json.path("bytes").asLong()) : OptionalLong.empty(),
        time(json.path("modified")),
        object(json.path("details")),
        capabilities,
        number(json.path("context")),
        object(json.path("info")),
        Optional.ofNullable(json.get("loaded")).map(ModelCodec::loaded));
  }

  private static ModelFacts.Loaded loaded(JsonNode json) {
    return new ModelFacts.Loaded(
        json.path("bytes").asLong(),
        json.path("gpu_bytes").asLong(),
        number(json.path("context")),
        time(json.path("expires")));
  }

  private static Optional<Instant> time(JsonNode json) {
    return json.isNumber() ? Optional.of(Instant.ofEpochMilli(json.asLong())) : Optional.empty();
  }

  private static OptionalInt number(JsonNode json) {
    return json.isNumber() ? OptionalInt.of(json.asInt()) : OptionalInt.empty();
  }

  private static String object(JsonNode json) {
    return json.isObject() ? Json.write(json) : "{}";
  }
}
