package io.sluice.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Pool;
import io.sluice.cli.compose.EngineSlots.Answer;
import io.sluice.cli.settings.Calibrate;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.MemorySettings;
import io.sluice.cli.settings.SlotCount;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimModel;
import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.GpuReading;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.KvType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineSlotsTest {
  private static final URI NOBODY = URI.create("http://127.0.0.1:1");
  private static final Gpus NO_GPUS = () -> new Gpus.Look.None("nvidia-smi is not installed");
  private static final Gpus ONE_OF_24_GIB =
      () ->
          new Gpus.Look.Found(
              List.of(new GpuReading(0, Gpu.parse("24GiB"), 0, OptionalInt.empty())));

  private EngineSim sim;

  @BeforeEach
  void start() {
    sim = EngineSim.start(SimConfig.DEFAULT.models(SimModel.named("qwen3:14b"), mine()));
  }

  @AfterEach
  void stop() {
    sim.close();
  }

  @Test
  void a_number_that_is_set_asks_nobody() {
    assertThat(ask(SlotCount.of(7), List.of(NOBODY), "", KvType.F16, NO_GPUS, "qwen3:14b"))
        .isEqualTo(new Answer.Known(7, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "24GiB, F16, 'qwen3:14b', 10",
    "24GiB, Q8_0, 'qwen3:14b', 20",
    "24GiB, F16, 'qwen3:14b@16k', 5",
    "24GiB, F16, 'qwen3:14b,qwen3:14b@16k', 5",
    "'24GiB,24GiB', F16, 'qwen3:14b', 28",
    "16GiB, F16, 'mine:14b', 4",
  })
  void slots_follow_from_the_named_gpus_and_what_the_engine_tells_of_its_models(
      String gpus, KvType kv, String pools, int slots) {
    Answer answer =
        known(() -> ask(SlotCount.AUTO, List.of(sim.uri()), gpus, kv, NO_GPUS, pools.split(",")));
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Known.class, known -> assertThat(known.slots()).isEqualTo(slots));
  }

  @Test
  void an_engine_of_this_machine_has_the_gpus_that_are_here() {
    assertThat(auto(ONE_OF_24_GIB, sim.uri()))
        .isInstanceOfSatisfying(
            Answer.Known.class, known -> assertThat(known.slots()).isEqualTo(10));
  }

  @Test
  void without_a_gpu_it_says_what_to_do() {
    assertThat(auto(NO_GPUS, sim.uri()))
        .isEqualTo(
            new Answer.Never(
                "--slots auto: no GPU is known (nvidia-smi is not installed): name its memory, as"
                    + " in --gpu 24GiB, or the slots, as in --slots 2"));
  }

  @Test
  void several_engines_do_not_share_the_gpus_that_are_here() {
    assertThat(auto(ONE_OF_24_GIB, sim.uri(), NOBODY))
        .isInstanceOfSatisfying(
            Answer.Never.class,
            never -> assertThat(never.why()).contains("2 engines", "--gpu 24GiB"));
  }

  @Test
  void the_first_engine_that_answers_tells_for_all() {
    List<URI> engines = List.of(NOBODY, sim.uri());
    assertThat(known(() -> ask(SlotCount.AUTO, engines, "24GiB", KvType.F16, NO_GPUS, "mine:14b")))
        .isInstanceOf(Answer.Known.class);
  }

  @Test
  void where_not_one_slot_fits_it_says_what_is_missing() {
    assertThat(ask(SlotCount.AUTO, List.of(sim.uri()), "8GiB", KvType.F16, NO_GPUS, "qwen3:14b"))
        .isInstanceOfSatisfying(
            Answer.Never.class,
            never ->
                assertThat(never.why())
                    .contains("not one slot fits", "2.58 GiB more memory", "--kv q8_0"));
  }

  @Test
  void a_model_that_nobody_tells_of_is_waited_for_until_an_engine_has_it() {
    sim.unreachable();
    List<URI> engines = List.of(sim.uri());
    assertThat(ask(SlotCount.AUTO, engines, "24GiB", KvType.F16, NO_GPUS, "mine:14b"))
        .isEqualTo(new Answer.Later("no engine that answers has mine:14b"));
    sim.reachable();
    assertThat(known(() -> ask(SlotCount.AUTO, engines, "24GiB", KvType.F16, NO_GPUS, "mine:14b")))
        .isInstanceOf(Answer.Known.class);
  }

  @Test
  void a_model_that_is_known_by_name_waits_for_no_engine() {
    assertThat(ask(SlotCount.AUTO, List.of(NOBODY), "24GiB", KvType.F16, NO_GPUS, "qwen3:14b"))
        .isInstanceOfSatisfying(
            Answer.Known.class, known -> assertThat(known.slots()).isEqualTo(10));
  }

  private static SimModel mine() {
    return SimModel.named("mine:14b");
  }

  private static Answer auto(Gpus here, URI... engines) {
    return ask(SlotCount.AUTO, List.of(engines), "", KvType.F16, here, "qwen3:14b");
  }

  private static Answer ask(
      SlotCount slots, List<URI> engines, String gpus, KvType kv, Gpus here, String... pools) {
    EngineSettings engine =
        new EngineSettings(
            engines,
            EngineSettings.Kind.OLLAMA,
            slots,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Calibrate.AUTO);
    List<Gpu> named =
        gpus.isEmpty() ? List.of() : Arrays.stream(gpus.split(",")).map(Gpu::parse).toList();
    Plan plan =
        new Plan(
                new ListenSettings("127.0.0.1", 0),
                Path.of("unused"),
                Optional.empty(),
                Arrays.stream(pools).map(Pool::parse).toList(),
                engine,
                new WorkerSettings(Duration.ofSeconds(5), Optional.empty()),
                new LimitSettings(100, 100, Duration.ZERO, 1000, List.of(), List.of()))
            .memory(new MemorySettings(named, kv, MemorySettings.Spill.REFUSE));
    return new EngineSlots(plan, here).ask();
  }

  /** A machine that is busy may need longer than the engine is given to answer. */
  private static Answer known(Supplier<Answer> ask) {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(ask::get, answer -> !(answer instanceof Answer.Later));
  }
}
