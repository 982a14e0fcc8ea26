package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.time.Instant;
import java.time.ZoneOffset;

/** What is installed and what is loaded: /api/tags, /api/show and /api/ps. */
final class Catalogue {
  private static final long FILE_BYTES = 9_276_198_565L;
  private static final long EMBEDDING_FILE_BYTES = 639_153_184L;
  private static final Instant NEWEST = Instant.parse("2026-08-21T18:48:22.123456789Z");
  private static final Instant NEVER = Instant.parse("2318-12-01T00:00:00Z");

  private final SimConfig config;
  private final Scheduler scheduler;

  Catalogue(SimConfig config, Scheduler scheduler) {
    this.config = config;
    this.scheduler = scheduler;
  }

  ObjectNode tags() {
    ObjectNode body = Json.object();
    ArrayNode models = body.putArray("models");
    for (int age = 0; age < config.models().size(); age++) {
      SimModel model = config.models().get(age);
      ObjectNode entry = head(model);
      entry.put("modified_at", NEWEST.minusSeconds(3600L * age).toString());
      ArrayNode capabilities = entry.putArray("capabilities");
      model.capabilities().stream().sorted().forEach(capabilities::add);
      models.add(entry);
    }
    return body;
  }

  ObjectNode ps() {
    ObjectNode body = Json.object();
    ArrayNode models = body.putArray("models");
    for (Runner runner : scheduler.loaded()) {
      int context = runner.settings().contextTokens();
      Instant expires = runner.expiresAt.isAfter(NEVER) ? NEVER : runner.expiresAt;
      models.add(
          head(runner.model())
              .put("size", runner.placed().bytes())
              .put("size_vram", runner.placed().gpuBytes())
              .put("context_length", context)
              .put("expires_at", expires.atOffset(ZoneOffset.UTC).toString()));
    }
    return body;
  }

  ObjectNode show(JsonNode asked) throws Refused {
    String name = asked.path("model").asText(asked.path("name").asText());
    SimModel model =
        config.model(name).orElseThrow(() -> new Refused(404, "model '" + name + "' not found"));
    ObjectNode body = Json.object();
    body.put("license", "simulated").put("modelfile", "FROM " + model.name());
    body.put("parameters", "num_ctx " + config.contextTokens()).put("template", "{{ .Prompt }}");
    body.set("details", details(model));
    ObjectNode info =
        body.putObject("model_info")
            .put("general.architecture", "qwen3")
            .put("qwen3.context_length", model.trainedContext());
    if (model.embeds()) {
      embedding(info);
    } else {
      generating(info);
    }
    ArrayNode capabilities = body.putArray("capabilities");
    model.capabilities().stream().sorted().forEach(capabilities::add);
    return body.put("modified_at", NEWEST.toString());
  }

  /** Qwen3-14B. */
  private static void generating(ObjectNode info) {
    info.put("general.parameter_count", 14_768_307_200L)
        .put("qwen3.block_count", 40)
        .put("qwen3.embedding_length", 5120)
        .put("qwen3.attention.head_count", 40)
        .put("qwen3.attention.head_count_kv", 8)
        .put("qwen3.attention.key_length", 128)
        .put("qwen3.attention.value_length", 128);
  }

  /** Qwen3-Embedding-0.6B. */
  private static void embedding(ObjectNode info) {
    info.put("general.parameter_count", 595_776_512L)
        .put("qwen3.pooling_type", 3)
        .put("qwen3.block_count", 28)
        .put("qwen3.embedding_length", SimVectors.DIMENSIONS)
        .put("qwen3.attention.head_count", 16)
        .put("qwen3.attention.head_count_kv", 8)
        .put("qwen3.attention.key_length", 128)
        .put("qwen3.attention.value_length", 128);
  }

  private static ObjectNode head(SimModel model) {
    ObjectNode head = Json.object().put("name", model.name()).put("model", model.name());
    head.put("size", model.embeds() ? EMBEDDING_FILE_BYTES : FILE_BYTES);
    head.put("digest", "5".repeat(64));
    head.set("details", details(model));
    return head;
  }

  private static ObjectNode details(SimModel model) {
    ObjectNode details = Json.object().put("parent_model", "").put("format", "gguf");
    details.put("family", "qwen3").putArray("families").add("qwen3");
    return model.embeds()
        ? details.put("parameter_size", "595.78M").put("quantization_level", "Q8_0")
        : details.put("parameter_size", "14.8B").put("quantization_level", "Q4_K_M");
  }
}
