package io.sluice.worker.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a model's shape from what Ollama tells of it: {@code /api/show}, and the size of its file
 * from {@code /api/tags}. Says what it had to assume, or why no plan can be made.
 */
public final class ShapeReader {
  /** Every layer keeps every token, and keys and values are what their names say. */
  private static final Set<String> PLAIN =
      Set.of(
          "llama",
          "qwen2",
          "qwen3",
          "qwen2moe",
          "qwen3moe",
          "granite",
          "command-r",
          "olmo2",
          "phi2",
          "phi3",
          "starcoder2",
          "stablelm",
          "gemma",
          "falcon",
          "internlm2",
          "mistral3");

  /** Ollama starts these with one slot, whatever OLLAMA_NUM_PARALLEL says (server/sched.go). */
  private static final List<String> ONE_SLOT =
      List.of(
          "mllama",
          "qwen3vl",
          "qwen3vlmoe",
          "qwen35",
          "qwen35moe",
          "qwen3next",
          "lfm2",
          "nemotron_h");

  private static final long QWEN3_VOCABULARY = 151_936;
  private static final int QWEN3_14B_HIDDEN = 5_120;
  private static final long VOCABULARY_MOST = 262_144;

  private final String name;
  private final JsonNode show;
  private final JsonNode info;
  private final long fileBytes;
  private final String architecture;
  private final List<String> caveats = new ArrayList<>();

  private ShapeReader(String name, JsonNode show, long fileBytes) {
    this.name = name;
    this.show = show;
    this.info = show.path("model_info");
    this.fileBytes = fileBytes;
    this.architecture = info.path("general.architecture").asText();
  }

  /**
   * @param show the answer of {@code /api/show}
   * @param fileBytes the model's size in {@code /api/tags}; 0 where it is not known
   */
  public static Shape read(String name, JsonNode show, long fileBytes) {
    return new ShapeReader(name, show, fileBytes).read();
  }

  private Shape read() {
    Optional<String> impossible = impossible();
    if (impossible.isPresent()) {
      return new Shape.Unknown(impossible.get());
    }
    int layers = (int) number("block_count");
    long hidden = number("embedding_length");
    long elements = elementsPerToken(layers, hidden);
    if (layers < 1 || hidden < 1 || elements < 1) {
      return new Shape.Unknown(
          "the engine does not say how many layers and heads " + name + " has");
    }
    Optional<Tensors> tensors = Tensors.of(show.path("tensors"));
    long vocabulary = vocabulary(tensors, hidden);
    long weights = weights(tensors, vocabulary, hidden);
    if (weights < 1) {
      return new Shape.Unknown("the engine does not say how large " + name + " is");
    }
    noteAttention();
    return new Shape.Known(
        new ModelShape(
            name,
            architecture,
            quantisation(),
            layers,
            Math.max(1, number("context_length")),
            new ModelShape.Cache(elements, vocabulary + hidden),
            weights,
            caveats,
            oneSlot()));
  }

  private Optional<String> impossible() {
    if (architecture.isEmpty()) {
      return Optional.of("the engine does not say what kind of model " + name + " is");
    }
    if (architecture.contains("bert") || info.has(architecture + ".pooling_type")) {
      return Optional.of(name + " makes embeddings and keeps no tokens, so slots cost no memory");
    }
    if (has("ssm.") || has("wkv.")) {
      return Optional.of(
          name
              + " ("
              + architecture
              + ") keeps a state rather than every token; its memory does"
              + " not follow this arithmetic");
    }
    if (has("attention.kv_lora_rank")) {
      return Optional.of(
          name
              + " ("
              + architecture
              + ") keeps compressed keys and values, whose size depends on"
              + " the engine's version");
    }
    return Optional.empty();
  }

  /** Heads may differ from layer to layer; then there is a list of them. */
  private long elementsPerToken(int layers, long hidden) {
    JsonNode given = field("attention.head_count_kv");
    JsonNode heads = given.isMissingNode() ? field("attention.head_count") : given;
    if (heads.isArray() && heads.size() != layers) {
      return 0;
    }
    long all = 0;
    for (int i = 0; i < layers; i++) {
      all += (heads.isArray() ? heads.get(i) : heads).asLong();
    }
    long headLength = hidden / Math.max(1, number("attention.head_count"));
    return all
        * (number("attention.key_length", headLength)
            + number("attention.value_length", headLength));
  }

  private long vocabulary(Optional<Tensors> tensors, long hidden) {
    long listed = info.path("tokenizer.ggml.tokens").size();
    long told =
        tensors.map(all -> all.embeddingElements() / hidden).orElse(number("vocab_size", listed));
    if (told > 0) {
      return told;
    }
    if (architecture.equals("qwen3")) {
      return QWEN3_VOCABULARY;
    }
    caveats.add("its vocabulary is not told: " + VOCABULARY_MOST + " words are assumed");
    return VOCABULARY_MOST;
  }

  /** Rounded to whole MiB: no log and no list tells more. */
  private long weights(Optional<Tensors> tensors, long vocabulary, long hidden) {
    if (tensors.isPresent()) {
      return rounded(tensors.get().gpuBytes());
    }
    OptionalLong embedding = Tensors.bytes(embeddingType(), vocabulary * hidden);
    // Smaller ones of the family have no output layer of their own, so their embedding is there.
    boolean apart = architecture.equals("qwen3") && hidden == QWEN3_14B_HIDDEN;
    if (apart && embedding.isPresent()) {
      return rounded(fileBytes - embedding.getAsLong());
    }
    caveats.add("its tensors are not told: the whole file is assumed to be on the GPU");
    return rounded(fileBytes);
  }

  private static long rounded(long bytes) {
    return (bytes + Bytes.MIB / 2) / Bytes.MIB * Bytes.MIB;
  }

  /** The token embedding has the type that most of the file has: Q4_K in a Q4_K_M. */
  private String embeddingType() {
    return quantisation().replaceFirst("_[SML]$", "");
  }

  private void noteAttention() {
    if (has("attention.sliding_window")) {
      caveats.add(
          "it looks at a window of "
              + number("attention.sliding_window")
              + " tokens in some layers: every layer is assumed to keep the whole context, so more"
              + " slots may fit");
    } else if (!PLAIN.contains(architecture)) {
      caveats.add(
          "its architecture, "
              + architecture
              + ", is not known: every layer is assumed to keep every token");
    }
  }

  private Optional<String> oneSlot() {
    return ONE_SLOT.contains(architecture)
        ? Optional.of("Ollama gives " + architecture + " models one slot, whatever is set")
        : Optional.empty();
  }

  private String quantisation() {
    return show.path("details").path("quantization_level").asText();
  }

  /** Whether the architecture has a field that begins so. */
  private boolean has(String start) {
    String whole = architecture + "." + start;
    return info.propertyStream().anyMatch(field -> field.getKey().startsWith(whole));
  }

  private JsonNode field(String field) {
    return info.path(architecture + "." + field);
  }

  private long number(String field) {
    return number(field, 0);
  }

  private long number(String field, long otherwise) {
    return field(field).asLong(otherwise);
  }
}
