package io.sluice.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Slots of Qwen3-14B, worked out by hand beside the source of the engine. */
class ReferenceTableTest {
  private static final List<Integer> CONTEXTS =
      List.of(4_096, 8_192, 16_384, 32_768, 40_960, 131_072);

  /** Model, GiB of the GPU, KV type, slots per context (? where none is given), tokens in all. */
  private static final String TABLE =
      """
      qwen3:14b       16 f16    8   4   2   1   0  0   35516
      qwen3:14b       16 q8_0  16   8   4   2   1  0   66855
      qwen3:14b       24 f16   21  10   5   2   2  0   87945
      qwen3:14b       24 q8_0  40  20  10   5   4  1  165544
      qwen3:14b       32 f16   34  17   8   4   3  1  140374
      qwen3:14b       32 q8_0  64  32  16   8   6  2  264234
      qwen3:14b       48 f16   59  29  14   7   5  1  245232
      qwen3:14b       48 q8_0 112  56  28  14  11  3  461613
      qwen3:14b       80 f16  111  55  27  13  11  3  454947
      qwen3:14b       80 q8_0 209 104  52  26  20  6  856371
      qwen3:14b-q8_0  16 f16    0   0   0   0   0  0       0
      qwen3:14b-q8_0  16 q8_0   0   0   0   0   0  0       0
      qwen3:14b-q8_0  24 f16   12   6   3   1   1  0   49956
      qwen3:14b-q8_0  24 q8_0  22  11   5   2   2  0   94035
      qwen3:14b-q8_0  32 f16   24  12   6   3   2  0  102384
      qwen3:14b-q8_0  32 q8_0  47  23  11   5   4  1  192724
      qwen3:14b-q8_0  48 f16   50  25  12   6   5  1  207242
      qwen3:14b-q8_0  48 q8_0  95  47  23  11   9  2  390103
      qwen3:14b-q8_0  80 f16  101  50  25  12  10  3  416957
      qwen3:14b-q8_0  80 q8_0 191  95  47  23  19  5  784861
      qwen3:14b-fp8   16 f16    0   0   0   0   0  0       0
      qwen3:14b-fp8   24 f16   10   5   2   1   ?  0   42244
      qwen3:14b-fp8   24 q8_0  19   9   4   2   ?  0   79518
      qwen3:14b-fp8   32 f16   23  11   5   2   ?  0   94672
      qwen3:14b-fp8   32 q8_0  43  21  10   5   ?  1  178207
      qwen3:14b-fp8   48 f16   48  24  12   6   ?  1  199530
      qwen3:14b-fp8   48 q8_0  91  45  22  11   ?  2  375586
      qwen3:14b-fp8   80 f16   99  49  24  12   ?  3  409245
      qwen3:14b-fp8   80 q8_0 188  94  47  23   ?  5  770344
      """;

  static Stream<String> rows() {
    return TABLE.lines();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void every_row_comes_out_equal(String row) {
    String[] cells = row.strip().split(" +");
    ModelShape shape = KnownModels.named(cells[0]).orElseThrow();
    List<Gpu> gpu = List.of(Gpu.parse(cells[1] + "GiB"));
    KvType type = KvType.valueOf(cells[2].toUpperCase(java.util.Locale.ROOT));
    List<String> slots = new ArrayList<>();
    for (int i = 0; i < CONTEXTS.size(); i++) {
      int fit = MemoryPlan.of(gpu, shape, CONTEXTS.get(i)).slots(type);
      slots.add(cells[3 + i].equals("?") ? "?" : String.valueOf(fit));
    }
    assertThat(slots).isEqualTo(Arrays.asList(cells).subList(3, 9));
    assertThat(MemoryPlan.of(gpu, shape, 4_096).tokens(type)).isEqualTo(Long.parseLong(cells[9]));
  }

  @Test
  void the_worked_example_has_13741_mebibytes_for_ten_slots() {
    MemoryPlan plan =
        MemoryPlan.of(
            List.of(Gpu.parse("24GiB")), KnownModels.named("qwen3:14b").orElseThrow(), 8_192);

    assertThat(plan.cacheBytes()).isEqualTo((long) (13_741.5 * Bytes.MIB));
    assertThat(plan.bytesPerSlot(KvType.F16)).isEqualTo(1_280 * Bytes.MIB);
    assertThat(plan.slots(KvType.F16)).isEqualTo(10);
  }

  @Test
  void four_bit_keys_and_values_fit_nearly_twice_as_many_as_eight_bit_ones() {
    MemoryPlan plan =
        MemoryPlan.of(
            List.of(Gpu.parse("24GiB")), KnownModels.named("qwen3:14b").orElseThrow(), 8_192);

    assertThat(plan.slots(KvType.Q4_0)).isEqualTo(38);
    assertThat((double) plan.tokens(KvType.Q4_0) / plan.tokens(KvType.Q8_0)).isBetween(1.88, 1.9);
  }

  @Test
  void what_a_real_server_logged_is_what_the_arithmetic_says() {
    ModelShape shape = KnownModels.named("qwen3:14b-q8_0").orElseThrow();

    assertThat(shape.kvBytesPerToken(KvType.F16)).isEqualTo(160 * 1024);
    assertThat(shape.kvBytesPerToken(KvType.Q8_0) * 32_768).isEqualTo(2_720 * Bytes.MIB);
    assertThat(shape.kvBytesPerToken(KvType.Q4_0)).isEqualTo(45 * 1024);
    assertThat(shape.computeBytes(512)).isEqualTo((long) (306.75 * Bytes.MIB));
  }
}
