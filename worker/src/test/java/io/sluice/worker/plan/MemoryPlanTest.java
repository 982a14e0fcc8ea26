package io.sluice.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for any model on any GPUs. */
class MemoryPlanTest {
  private static final int TRIES = 200;
  private static final ModelShape QWEN = KnownModels.named("qwen3:14b").orElseThrow();

  static LongStream seeds() {
    return LongStream.range(0, TRIES);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void more_memory_never_gives_fewer_slots(long seed) {
    Random random = new Random(seed);
    List<Resident> residents = residents(random);
    List<Gpu> gpus = gpus(random);
    List<Gpu> more = new ArrayList<>(gpus);
    int grown = random.nextInt(gpus.size());
    more.set(grown, new Gpu("", gpus.get(grown).bytes() + random.nextLong(8 * Bytes.GIB)));
    List<Gpu> oneMore = new ArrayList<>(gpus);
    oneMore.add(new Gpu("", 1 + random.nextLong(48 * Bytes.GIB)));
    for (KvType type : KvType.values()) {
      int slots = plan(gpus, residents).slots(type);
      assertThat(plan(more, residents).slots(type)).isGreaterThanOrEqualTo(slots);
      assertThat(plan(oneMore, residents).slots(type)).isGreaterThanOrEqualTo(slots);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void longer_contexts_and_wider_elements_never_give_more_slots(long seed) {
    Random random = new Random(seed);
    List<Gpu> gpus = gpus(random);
    ModelShape shape = shape(random);
    int context = 256 + random.nextInt(64_000);
    MemoryPlan plan = MemoryPlan.of(gpus, shape, context);
    MemoryPlan longer = MemoryPlan.of(gpus, shape, context + 1 + random.nextInt(64_000));

    assertThat(longer.slots(KvType.F16)).isLessThanOrEqualTo(plan.slots(KvType.F16));
    assertThat(plan.slots(KvType.F16)).isLessThanOrEqualTo(plan.slots(KvType.Q8_0));
    assertThat(plan.slots(KvType.Q8_0)).isLessThanOrEqualTo(plan.slots(KvType.Q4_0));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void on_one_gpu_the_slots_fit_and_one_more_does_not(long seed) {
    Random random = new Random(seed);
    List<Resident> residents = residents(random);
    MemoryPlan plan = plan(List.of(gpu(random)), residents);
    int slots = plan.slots(KvType.Q8_0);

    long perSlot = plan.bytesPerSlot(KvType.Q8_0);
    if (slots > 0) {
      assertThat(slots * perSlot).isLessThanOrEqualTo(plan.cacheBytes());
    }
    assertThat((slots + 1) * perSlot).isGreaterThan(plan.cacheBytes());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void several_gpus_never_hold_more_than_their_memory_together(long seed) {
    Random random = new Random(seed);
    MemoryPlan plan = plan(gpus(random), residents(random));
    int slots = plan.slots(KvType.F16);

    if (slots > 0) {
      assertThat(slots * plan.bytesPerSlot(KvType.F16)).isLessThanOrEqualTo(plan.cacheBytes());
    }
  }

  @Test
  void two_gpus_each_keep_a_reserve_and_hold_whole_layers() {
    List<Gpu> two = List.of(Gpu.parse("24GiB"), Gpu.parse("24GiB"));
    MemoryPlan plan = MemoryPlan.of(two, QWEN, 8_192);

    // 2 × (24576 − 768 − 1024 − 613.5) − 8429 = 35912 MiB, or 28.06 slots; 20 layers on each.
    assertThat(plan.cacheBytes()).isEqualTo(35_912 * Bytes.MIB);
    assertThat(plan.slots(KvType.F16)).isEqualTo(28);
  }

  @Test
  void a_model_too_large_for_one_gpu_fits_on_two() {
    ModelShape large = KnownModels.named("qwen3:14b-fp16").orElseThrow();
    Gpu gpu = Gpu.parse("24GiB");

    assertThat(MemoryPlan.of(List.of(gpu), large, 8_192).slots(KvType.F16)).isZero();
    assertThat(MemoryPlan.of(List.of(gpu), large, 8_192).cacheBytes()).isNegative();
    assertThat(MemoryPlan.of(List.of(gpu, gpu), large, 8_192).slots(KvType.F16)).isEqualTo(13);
  }

  @Test
  void two_models_share_what_one_would_have() {
    Gpu gpu = Gpu.parse("48GiB");
    MemoryPlan both =
        plan(List.of(gpu), List.of(new Resident(QWEN, 8_192), new Resident(QWEN, 16_384)));

    // (49152 − 1792 − 2 × 613.5 − 2 × 8429) MiB ÷ 3840 MiB.
    assertThat(both.slots(KvType.F16)).isEqualTo(7);
  }

  private static MemoryPlan plan(List<Gpu> gpus, List<Resident> residents) {
    return new MemoryPlan(gpus, Reserve.STANDARD, residents);
  }

  private static List<Gpu> gpus(Random random) {
    return java.util.stream.Stream.generate(() -> gpu(random))
        .limit(1 + random.nextInt(4))
        .toList();
  }

  private static Gpu gpu(Random random) {
    return new Gpu("", Bytes.GIB + random.nextLong(80 * Bytes.GIB));
  }

  private static List<Resident> residents(Random random) {
    return java.util.stream.Stream.generate(
            () -> new Resident(shape(random), 256 + random.nextInt(40_000)))
        .limit(1 + random.nextInt(3))
        .toList();
  }

  private static ModelShape shape(Random random) {
    int layers = 1 + random.nextInt(80);
    return new ModelShape(
        "some",
        "some",
        "Q4_K_M",
        layers,
        131_072,
        new ModelShape.Cache(
            2L * layers * (1 + random.nextInt(16)) * 128, 32_000 + random.nextInt(120_000)),
        Bytes.MIB + random.nextLong(20 * Bytes.GIB),
        List.of(),
        Optional.empty());
  }
}
