package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.StopSignal;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.OpenAiSim;
import io.sluice.enginesim.ParallelCurve;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimMemory;
import io.sluice.enginesim.SimModel;
import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.KvType;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a simulated model server. */
@Command(
    name = "engine-sim",
    header = "Runs a simulated model server, for trying Sluice without a GPU, for tests and load.",
    description =
        "Its text says that it is simulated. GET /sim/stats counts what it got, POST /sim/faults"
            + " switches failures on.")
public final class EngineSimCommand extends Configured {
  /** Of one token of Qwen3-14B. */
  private static final long KV_ELEMENTS = 2L * 40 * 8 * 128;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "the protocol: ollama, or openai as vLLM speaks it; else ollama")
  private String kind = "ollama";

  @Option(
      names = "--cache-tokens",
      paramLabel = "N",
      description =
          "with openai, tokens that all running requests hold together; else 8192 for each slot")
  private int cacheTokens;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "the port to listen on, else 11434; 0 for any free one")
  private int port = 11_434;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "an installed model, else qwen3:14b; repeat it for several")
  private List<String> models = List.of("qwen3:14b");

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "generations at a time, as OLLAMA_NUM_PARALLEL; else 4")
  private int slots = 4;

  @Option(
      names = "--token-ms",
      paramLabel = "MS",
      description = "how long a token takes, in milliseconds; else 20")
  private int tokenMillis = 20;

  @Option(
      names = "--curve",
      paramLabel = "CURVE",
      description =
          "how much faster several answers together are than one, as in 2=1.6,4=2.4,8=2.2; else"
              + " each is as fast as one alone")
  private String curve = "";

  @Option(
      names = "--load-ms",
      paramLabel = "MS",
      description = "how long a model takes to load, in milliseconds; else 0")
  private int loadMillis;

  @Option(
      names = "--answer-tokens",
      paramLabel = "N",
      description = "the length of every answer; else 20 to 120, by the prompt")
  private int answerTokens;

  @Option(
      names = "--gpu",
      paramLabel = "SIZE",
      description =
          "the memory of its GPU, such as 24GiB; repeat it for several; cpu for none. What does not"
              + " fit goes to the CPU, slower, as in Ollama; else everything fits")
  private List<String> gpus = List.of();

  @Option(
      names = "--kv",
      paramLabel = "TYPE",
      description = "its OLLAMA_KV_CACHE_TYPE: f16, q8_0 or q4_0; else f16")
  private String kv = "f16";

  @Option(
      names = "--no-spill",
      description = "with --gpu, a model that does not fit fails to load: out of memory")
  private boolean noSpill;

  public EngineSimCommand(Console console) {
    super(console, List.of());
  }

  @Override
  Exit run(Settings settings) {
    StopSignal stop = StopSignal.listen();
    try (EngineSim sim = start()) {
      console().out().println("engine-sim ready " + sim.uri());
      stop.await();
    }
    return Exit.OK;
  }

  private ParallelCurve curve() {
    try {
      return curve.isEmpty() ? ParallelCurve.LINEAR : ParallelCurve.parse(curve);
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, "--curve: " + e.getMessage());
    }
  }

  private EngineSim start() {
    if (port < 0 || port > 65_535 || slots < 1 || tokenMillis < 0 || loadMillis < 0) {
      throw new Refusal(Exit.USAGE, "a port is 0 to 65535, slots at least 1, times at least 0");
    }
    boolean openAi = kind.equalsIgnoreCase("openai");
    if (!openAi && !kind.equalsIgnoreCase("ollama") || cacheTokens < 0) {
      throw new Refusal(Exit.USAGE, "--kind is ollama or openai, and --cache-tokens at least 0");
    }
    if (!openAi && cacheTokens > 0) {
      throw new Refusal(Exit.USAGE, "--cache-tokens is for --kind openai: Ollama has slots");
    }
    try {
      SimConfig config =
          SimConfig.DEFAULT
              .port(port)
              .models(models.stream().map(SimModel::named).toArray(SimModel[]::new))
              .slots(slots)
              .answerTokens(answerTokens)
              .memory(memory())
              .timing(
                  SimConfig.Timing.NONE
                      .perToken(Duration.ofMillis(tokenMillis))
                      .load(Duration.ofMillis(loadMillis))
                      .curve(curve()));
      return openAi
          ? EngineSim.start(config, OpenAiSim.DEFAULT.cacheTokens(cacheTokens))
          : EngineSim.start(config);
    } catch (UncheckedIOException e) {
      throw new Refusal(
          Exit.CANNOT_START, "port " + port + " is taken; choose another with --port");
    }
  }

  private SimMemory memory() {
    if (gpus.isEmpty()) {
      return SimMemory.ENDLESS;
    }
    if (gpus.equals(List.of("cpu"))) {
      return SimMemory.NO_GPU;
    }
    try {
      SimMemory memory =
          SimMemory.of(gpus.stream().map(Gpu::parse).mapToLong(Gpu::bytes).sum())
              .kvBytesPerToken(KvType.valueOf(kv.toUpperCase(Locale.ROOT)).bytes(KV_ELEMENTS));
      return noSpill ? memory.failing() : memory;
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, "--gpu is a size such as 24GiB, or cpu; --kv f16, q8_0, q4_0");
    }
  }
}
