package io.sluice.cli.commands;

import io.sluice.Pool;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.compose.Engines;
import io.sluice.cli.plan.PlanJson;
import io.sluice.cli.plan.PlanText;
import io.sluice.cli.plan.Subject;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.EngineTlsSettings;
import io.sluice.cli.settings.LogSettings;
import io.sluice.cli.settings.MemorySettings;
import io.sluice.cli.settings.ModelSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.KnownModels;
import io.sluice.worker.plan.ModelShape;
import io.sluice.worker.plan.NvidiaSmi;
import io.sluice.worker.plan.Shape;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How many requests fit. */
@Command(
    name = "plan",
    header = "Says how many requests fit a GPU at once, and how to run the engine.",
    description =
        "Asks the engine for the models and nvidia-smi for the GPUs. Without an engine it knows"
            + " Qwen3-14B by name; without a GPU it shows the common sizes. Changes nothing.")
public final class PlanCommand extends Configured {
  private static final Pool STANDARD = Pool.parse("qwen3:14b");

  @Option(names = "--json", description = "print the plan as JSON")
  private boolean json;

  private final Gpus here;

  public PlanCommand(Console console) {
    this(console, NvidiaSmi.ofThisMachine());
  }

  PlanCommand(Console console, Gpus here) {
    super(
        console,
        List.of(
            ModelSettings.class,
            EngineSettings.class,
            EngineTlsSettings.class,
            MemorySettings.class));
    this.here = here;
  }

  @Override
  Exit run(Settings settings) {
    LogSettings.standard(LogSettings.Level.OFF);
    Subject subject = subject(settings);
    if (json) {
      console().out().println(Json.write(PlanJson.of(subject)));
    } else {
      new PlanText(console().out(), subject).print();
    }
    return Exit.OK;
  }

  private Subject subject(Settings settings) {
    MemorySettings memory = settings.get(MemorySettings.class);
    List<Pool> pools = pools(settings);
    Map<String, ModelShape> models = new LinkedHashMap<>();
    pools.forEach(pool -> models.computeIfAbsent(pool.model(), name -> model(name, settings)));
    Gpus.Look look = Engines.gpus(memory.gpus(), engine(settings), here);
    return new Subject(pools, models, look, memory.kv());
  }

  /** The engine that is planned for; several are alike. */
  private static URI engine(Settings settings) {
    return settings.get(EngineSettings.class).urls().getFirst();
  }

  private List<Pool> pools(Settings settings) {
    List<Pool> named = settings.get(ModelSettings.class).models();
    if (!named.isEmpty()) {
      return named;
    }
    return List.of(
        Engines.models(
                settings.get(EngineSettings.class), settings.get(EngineTlsSettings.class).tls())
            .flatMap(all -> all.stream().findFirst())
            .map(Pool::parse)
            .orElse(STANDARD));
  }

  /** As the engine tells it, else as it is known by name. */
  private static ModelShape model(String name, Settings settings) {
    Optional<Shape> told =
        Engines.shape(
            settings.get(EngineSettings.class), settings.get(EngineTlsSettings.class).tls(), name);
    if (told.isPresent() && told.get() instanceof Shape.Known known) {
      return known.model();
    }
    return KnownModels.named(name).orElseThrow(() -> noPlan(name, told, settings));
  }

  private static Refusal noPlan(String name, Optional<Shape> told, Settings settings) {
    String why =
        told.map(shape -> ((Shape.Unknown) shape).why())
            .orElse("no engine answers at " + engine(settings));
    return new Refusal(
        Exit.NOT_COMPLETED,
        "no plan for "
            + name
            + ": "
            + why
            + "; by name are known "
            + String.join(", ", new TreeSet<>(KnownModels.names())));
  }
}
