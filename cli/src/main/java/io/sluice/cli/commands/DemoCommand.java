package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.client.Api;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.FirstKey;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.LogSettings;
import io.sluice.cli.settings.MemorySettings;
import io.sluice.cli.settings.ModelSettings;
import io.sluice.cli.settings.Secret;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.StopSignal;
import io.sluice.worker.plan.KvType;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows Sluice at work. */
@Command(
    name = "demo",
    header = "Shows Sluice at work: everything in one process, and a few jobs.",
    description =
        "Takes the engine at SLUICE_ENGINE_URL or the local Ollama with its newest model, else a"
            + " simulated one, saying so. Goes on serving until Ctrl-C.")
public final class DemoCommand extends Configured {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the folder of the jobs; a temporary one, deleted at the end, without it")
  private Optional<Path> data = Optional.empty();

  @Option(names = "--once", description = "stop after the jobs instead of serving on")
  private boolean once;

  public DemoCommand(Console console) {
    super(
        console,
        List.of(
            ListenSettings.class,
            ModelSettings.class,
            EngineSettings.class,
            WorkerSettings.class,
            LimitSettings.class));
  }

  @Override
  Exit run(Settings settings) throws IOException {
    StopSignal stop = StopSignal.listen();
    // Its own lines are all that it is to show, unless --log says otherwise.
    LogSettings.standard(LogSettings.Level.ERROR);
    EngineSettings wanted = settings.get(EngineSettings.class);
    try (Folder folder = Folder.of(data);
        DemoEngine engine = DemoEngine.find(wanted, settings.get(ModelSettings.class).models())) {
      tellEngine(wanted, engine);
      Plan plan =
          new Plan(
                  settings.get(ListenSettings.class),
                  folder.path(),
                  Optional.empty(),
                  List.of(engine.pool()),
                  engine.settings(),
                  settings.get(WorkerSettings.class),
                  settings.get(LimitSettings.class))
              // What is slow still shows.
              .memory(new MemorySettings(List.of(), KvType.F16, MemorySettings.Spill.ALLOW));
      return show(plan, stop);
    }
  }

  private Exit show(Plan plan, StopSignal stop) throws IOException {
    try (Broker broker = Broker.open(plan)) {
      URI url = serve(broker, plan);
      broker.work();
      Serving.awaitReady(broker, stop);
      Path keyFile = plan.data().resolve("api-key");
      FirstKey.ensure(broker, keyFile);
      ServedModel.remember(plan.data(), plan.pools().getFirst());
      String key = Files.readString(keyFile).strip();
      Jobs jobs = new Jobs(new Api(url, Optional.of(new Secret(key))), InstantSource.system());
      boolean done = new DemoJobs(console(), jobs, plan.pools().getFirst().model(), stop).showAll();
      if (!once) {
        tellHowToGoOn(url, key, plan);
        stop.await();
      }
      return done ? Exit.OK : Exit.NOT_COMPLETED;
    }
  }

  /** The port of the settings, or a free one if that is taken: a demonstration is no service. */
  private URI serve(Broker broker, Plan plan) {
    try {
      return broker.serve();
    } catch (RuntimeException e) {
      if (!Serving.taken(e)) {
        throw e;
      }
      URI url = broker.serve(0);
      line("port", plan.listen().port() + " is taken, so this demo uses " + url.getPort());
      return url;
    }
  }

  private void tellEngine(EngineSettings wanted, DemoEngine engine) {
    console().out().println("Sluice demo");
    line(
        "engine",
        engine.sim().isPresent()
            ? "simulated: no Ollama with a model at " + wanted.shown()
            : engine.settings().shown());
    String slots = engine.settings().slots().toString();
    line("model", engine.pool().model() + ", " + slots + (slots.equals("1") ? " slot" : " slots"));
  }

  private void tellHowToGoOn(URI url, String key, Plan plan) {
    PrintStream out = console().out();
    out.println();
    out.println("Serving until Ctrl-C.");
    line("address", url.toString());
    line("key", key);
    out.println();
    out.println("In another terminal:");
    out.println();
    out.printf("  curl -s %s/v1/jobs \\%n    -H 'Authorization: Bearer %s' \\%n", url, key);
    out.println("    -H 'Prefer: wait=30' -H 'Content-Type: application/json' \\");
    out.printf(
        "    -d '{\"model\":\"%s\",\"prompt\":\"Why do rivers meander?\"}'%n%n",
        plan.pools().getFirst().model());
    out.printf("  export SLUICE_URL=%s%n  export SLUICE_API_KEY=%s%n", url, key);
    out.printf("  export SLUICE_MODEL=%s%n", plan.pools().getFirst().model());
    out.println("  ./sluice submit \"Why do rivers meander?\"");
    out.flush();
  }

  private void line(String name, String text) {
    console().out().printf("  %-9s %s%n", name, text);
  }
}
