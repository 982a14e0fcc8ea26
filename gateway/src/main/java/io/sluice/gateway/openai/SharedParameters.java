package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.submit.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parameters that chat and text completions have in common. */
final class SharedParameters {
  static final Set<String> HONOURED =
      Set.of(
          "model",
          "stream",
          "stream_options",
          "n",
          "max_tokens",
          "stop",
          "seed",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "presence_penalty",
          "frequency_penalty",
          "repetition_penalty",
          "logit_bias",
          "metadata",
          "user",
          "safety_identifier",
          "service_tier");

  /**
   * They change where and how fast an answer is made, or what is kept of it, but not the answer.
   */
  static final Set<String> IGNORED =
      Set.of(
          "store",
          "prediction",
          "prompt_cache_key",
          "prompt_cache_options",
          "prompt_cache_retention",
          "keep_alive",
          "num_ctx");

  /** By their names here, and among a job's options. The third, fourth and last are vLLM's. */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "temperature", "temperature",
          "top_p", "top_p",
          "top_k", "top_k",
          "min_p", "min_p",
          "presence_penalty", "presence_penalty",
          "frequency_penalty", "frequency_penalty",
          "repetition_penalty", "repeat_penalty");

  private final Asked asked;
  private final ObjectNode job;
  private final Map<String, String> origins = new HashMap<>();
  private final Optional<String> tier;

  SharedParameters(Asked asked, ObjectNode job) {
    this.asked = asked;
    this.job = job;
    this.tier =
        asked
            .fields()
            .oneOf("service_tier", List.of("auto", "default", "flex", "scale", "priority", "fast"));
  }

  /** Writes them into the job. */
  void put() {
    asked.any("model").ifPresent(model -> job.set("model", model));
    onlyOneChoice("n");
    asked
        .any("logit_bias")
        .filter(bias -> !bias.isEmpty())
        .ifPresent(
            bias -> {
              throw Unsupported.parameter("logit_bias", "The engines here cannot be biased so.");
            });
    options();
    move(List.of("max_completion_tokens", "max_tokens"), "max_output_tokens");
    move(List.of("safety_identifier", "user"), "session");
    move(List.of("metadata"), "metadata");
    if (tier.filter("flex"::equals).isPresent()) {
      put("class", Json.MAPPER.getNodeFactory().textNode("batch"), "service_tier");
    }
  }

  /** A second choice is a request of its own here: it is counted, queued and charged as one. */
  void onlyOneChoice(String name) {
    Optional<Long> choices = asked.fields().whole(name, 1, Integer.MAX_VALUE);
    if (choices.filter(many -> many > 1).isPresent()) {
      throw Unsupported.value(name, "Only 1 is supported. Send a request for each choice.");
    }
  }

  AnswerForm form(String echo) {
    boolean stream = asked.flag("stream");
    boolean usage = usage(stream);
    String model = asked.any("model").map(JsonNode::asText).orElse("");
    return new AnswerForm(model, stream, usage, tier.map(this::told), echo);
  }

  Map<String, String> origins() {
    return origins;
  }

  void put(String name, JsonNode value, String origin) {
    job.set(name, value);
    origins.put("/" + name, "/" + origin);
  }

  private void options() {
    ObjectNode options = Json.object();
    OPTIONS.forEach(
        (name, option) -> asked.any(name).ifPresent(it -> option(options, option, it, name)));
    asked.any("seed").ifPresent(it -> option(options, "seed", seed(it), "seed"));
    asked.any("stop").ifPresent(it -> option(options, "stop", stops(it), "stop"));
    if (!options.isEmpty()) {
      job.set("options", options);
    }
  }

  private void option(ObjectNode options, String option, JsonNode value, String origin) {
    options.set(option, value);
    origins.put("/options/" + option, "/" + origin);
  }

  /** OpenAI's seeds have 64 bits, those of the engines 32: the same seed is still the same. */
  private static JsonNode seed(JsonNode seed) {
    boolean wide = seed.isIntegralNumber() && seed.canConvertToLong() && !seed.canConvertToInt();
    return wide ? Json.MAPPER.getNodeFactory().numberNode(Long.hashCode(seed.longValue())) : seed;
  }

  private static JsonNode stops(JsonNode stop) {
    if (!stop.isTextual()) {
      return stop;
    }
    ArrayNode one = Json.MAPPER.createArrayNode();
    return one.add(stop);
  }

  /** The first of them that says something. */
  private void move(List<String> names, String to) {
    names.stream()
        .filter(name -> asked.any(name).filter(SharedParameters::says).isPresent())
        .findFirst()
        .ifPresent(name -> put(to, asked.any(name).orElseThrow(), name));
  }

  private static boolean says(JsonNode value) {
    return !value.isTextual() || !value.textValue().isEmpty();
  }

  private boolean usage(boolean stream) {
    Optional<Fields> options = asked.fields().object("stream_options");
    if (options.isPresent() && !stream) {
      asked.fields().fault("stream_options", "It is only for streams: set stream to true.");
    }
    return options.map(it -> new Asked(it).flag("include_usage")).orElse(false);
  }

  /** What it was processed as: nobody can buy a faster lane here. */
  private String told(String tier) {
    return tier.equals("flex") ? "flex" : "default";
  }
}
