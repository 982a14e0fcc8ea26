package io.sluice.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A model's memory, from what Ollama tells of it. */
class ShapeReaderTest {
  private static final long FILE = 9_276_198_565L;

  @Test
  void qwen3_14b_reads_as_the_constants_that_are_known() {
    ModelShape read = known(show("qwen3", info -> {}), FILE);
    ModelShape constants = KnownModels.named("qwen3:14b").orElseThrow();

    assertThat(read).isEqualTo(constants);
  }

  @Test
  void weights_are_counted_tensor_by_tensor_without_the_token_embedding() {
    ObjectNode show = show("qwen3", info -> info.put("qwen3.embedding_length", 1024));
    ArrayNode tensors = show.putArray("tensors");
    tensor(tensors, "token_embd.weight", "Q4_K", 1024, 151_936);
    tensor(tensors, "output.weight", "Q6_K", 1024, 151_936);
    tensor(tensors, "blk.0.attn_norm.weight", "F32", 1024);

    ModelShape shape = known(show, FILE);

    // 1024 × 151936 × 210 ÷ 256 bytes and 4 KiB: 121.7 MiB.
    assertThat(shape.weightBytes()).isEqualTo(122 * Bytes.MIB);
    assertThat(shape.cache().widthPerToken()).isEqualTo(151_936 + 1_024);
    assertThat(shape.caveats()).isEmpty();
  }

  @Test
  void an_embedding_that_is_also_the_output_layer_is_on_the_gpu() {
    ObjectNode show = show("llama", info -> {});
    tensor(show.putArray("tensors"), "token_embd.weight", "Q8_0", 5_120, 128_256);

    assertThat(known(show, FILE).weightBytes()).isEqualTo(665 * Bytes.MIB);
  }

  @Test
  void a_type_of_tensor_that_is_unknown_counts_the_whole_file_and_says_so() {
    ObjectNode show = show("llama", info -> info.put("llama.vocab_size", 128_256));
    tensor(show.putArray("tensors"), "token_embd.weight", "Q9_Z", 5_120, 128_256);

    ModelShape shape = known(show, FILE);

    assertThat(shape.weightBytes()).isEqualTo(8_846 * Bytes.MIB);
    assertThat(shape.caveats()).singleElement().asString().contains("the whole file");
  }

  @Test
  void heads_may_differ_from_layer_to_layer() {
    ObjectNode show =
        show(
            "qwen3",
            info -> {
              info.put("qwen3.block_count", 3);
              ArrayNode heads = info.putArray("qwen3.attention.head_count_kv");
              List.of(8, 0, 2).forEach(heads::add);
            });

    assertThat(known(show, FILE).cache().elementsPerToken()).isEqualTo(10 * 256);
  }

  @Test
  void heads_without_a_length_share_the_hidden_size() {
    ObjectNode show =
        show(
            "llama",
            info -> {
              info.remove(List.of("llama.attention.key_length", "llama.attention.value_length"));
              info.remove("llama.attention.head_count_kv");
            });

    assertThat(known(show, FILE).cache().elementsPerToken()).isEqualTo(2L * 40 * 40 * 128);
  }

  @Test
  void a_sliding_window_is_said_to_be_ignored() {
    ObjectNode show = show("gemma3", info -> info.put("gemma3.attention.sliding_window", 1024));

    assertThat(known(show, FILE).caveats()).anyMatch(text -> text.contains("window of 1024"));
  }

  @Test
  void an_unknown_architecture_is_planned_with_a_warning() {
    assertThat(known(show("novel9", info -> {}), FILE).caveats())
        .anyMatch(text -> text.contains("novel9, is not known"));
  }

  @Test
  void a_family_that_gets_one_slot_says_so() {
    assertThat(known(show("qwen3vl", info -> {}), FILE).oneSlot()).isPresent();
  }

  @Test
  void what_does_not_follow_the_arithmetic_has_no_plan() {
    assertNoPlan(show("mamba", info -> info.put("mamba.ssm.state_size", 16)), "keeps a state");
    assertNoPlan(
        show("deepseek2", info -> info.put("deepseek2.attention.kv_lora_rank", 512)),
        "compressed keys");
    assertNoPlan(show("nomic-bert", info -> {}), "embeddings");
    assertNoPlan(show("llama", info -> info.remove("llama.block_count")), "how many layers");
    assertNoPlan(Json.object(), "what kind of model");
  }

  @Test
  void without_any_size_there_is_no_plan() {
    assertThat(ShapeReader.read("m", show("llama", info -> {}), 0))
        .isInstanceOf(Shape.Unknown.class);
  }

  private static void assertNoPlan(ObjectNode show, String why) {
    assertThat(ShapeReader.read("m:1b", show, FILE))
        .isInstanceOfSatisfying(
            Shape.Unknown.class, unknown -> assertThat(unknown.why()).contains(why));
  }

  private static ModelShape known(ObjectNode show, long fileBytes) {
    return ((Shape.Known) ShapeReader.read("qwen3:14b", show, fileBytes)).model();
  }

  private static ObjectNode show(String architecture, Consumer<ObjectNode> more) {
    ObjectNode show = Json.object();
    show.putObject("details").put("quantization_level", "Q4_K_M");
    ObjectNode info = show.putObject("model_info").put("general.architecture", architecture);
    info.put(architecture + ".context_length", 40_960).put(architecture + ".block_count", 40);
    info.put(architecture + ".embedding_length", 5_120);
    info.put(architecture + ".attention.head_count", 40);
    info.put(architecture + ".attention.head_count_kv", 8);
    info.put(architecture + ".attention.key_length", 128);
    info.put(architecture + ".attention.value_length", 128);
    info.putArray("tokenizer.ggml.tokens");
    more.accept(info);
    return show;
  }

  private static void tensor(ArrayNode list, String name, String type, long... shape) {
    ObjectNode tensor = list.addObject().put("name", name).put("type", type);
    for (long length : shape) {
      tensor.withArray("shape").add(length);
    }
  }
}
