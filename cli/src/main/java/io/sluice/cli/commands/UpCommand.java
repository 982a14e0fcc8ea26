package io.sluice.cli.commands;

import io.sluice.Pool;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.Engines;
import io.sluice.cli.compose.FirstKey;
import io.sluice.cli.compose.FirstSecret;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.EngineTlsSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.ModelSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.settings.TokenSettings;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.StopSignal;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Runs all of Sluice in one process. */
@Command(
    name = "up",
    header = "Runs Sluice in one process, with nothing else to install.",
    description =
        "Prints one line when it serves: sluice ready http://127.0.0.1:8080. The first start makes"
            + " the tenant 'default' and writes its key to DIR/api-key. Without an engine that"
            + " answers it holds the jobs until one does. With SLUICE_AMQP_URL and"
            + " SLUICE_REDIS_URL the same process works on RabbitMQ and Redis. SIGTERM and Ctrl-C"
            + " let running jobs finish; a second one ends at once.")
public final class UpCommand extends Configured {
  /** What is served where no engine says otherwise. */
  private static final Pool STANDARD = Pool.parse("qwen3:14b");

  public UpCommand(Console console) {
    super(console, Serving.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    StopSignal stop = StopSignal.listen();
    List<Pool> pools = pools(settings);
    Path keyFile = settings.get(DataSettings.class).keyFile();
    ensureSecret(settings);
    try (Broker broker = Broker.open(Serving.plan(settings, pools)).withWorker()) {
      URI url = Serving.serve(broker, settings.get(ListenSettings.class));
      broker.work();
      Serving.awaitReady(broker, stop);
      if (FirstKey.ensure(broker, keyFile).isPresent()) {
        note("the first API key is in " + keyFile);
      }
      ServedModel.remember(settings.get(DataSettings.class).data(), pools.getFirst());
      console().out().println("sluice ready " + url);
      stop.await();
    }
    return Exit.OK;
  }

  /** On many machines all gateways need the same one, so there it has to be set. */
  private void ensureSecret(Settings settings) {
    Path file = settings.get(DataSettings.class).secretFile();
    boolean needed =
        !settings.get(TokenSettings.class).hasSecret() && Serving.brokers(settings).isEmpty();
    if (needed && FirstSecret.ensure(file)) {
      note("the master secret of access tokens is in " + file);
    }
  }

  private List<Pool> pools(Settings settings) {
    EngineSettings engines = settings.get(EngineSettings.class);
    List<Pool> named = settings.get(ModelSettings.class).models();
    Optional<List<String>> installed =
        Engines.models(engines, settings.get(EngineTlsSettings.class).tls());
    if (installed.isEmpty()) {
      note("no engine answers at " + engines.shown() + "; jobs wait until one does");
    }
    if (!named.isEmpty()) {
      return named;
    }
    Pool pool = installed.flatMap(all -> all.stream().findFirst()).map(this::pool).orElse(STANDARD);
    note("serving " + pool + (installed.isPresent() ? "" : "; choose another with --model"));
    return List.of(pool);
  }

  private Pool pool(String model) {
    try {
      return Pool.parse(model);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          Exit.USAGE, "the engine's newest model is '" + model + "': name one with --model");
    }
  }

  private void note(String text) {
    console().err().println("sluice: " + text);
  }
}
