package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.StopSignal;
import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.Command;

/** Runs a gateway on RabbitMQ and Redis. */
@Command(
    name = "gateway",
    header = "Runs a gateway: HTTP in, jobs out, on RabbitMQ and Redis.",
    description =
        "Prints one line when it serves and everything behind it answers. Keys are made with:"
            + " sluice key create. SIGTERM makes it not ready, and 5 seconds later it answers what"
            + " is under way and ends; a second one ends it at once.")
public final class GatewayCommand extends Configured {
  /** A balancer that looks every two seconds has seen it twice. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  public GatewayCommand(Console console) {
    super(console, Serving.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    StopSignal stop = StopSignal.listen();
    Plan plan = Serving.distributed(settings, "gateway");
    try (Broker broker = Broker.open(plan)) {
      URI url = Serving.serve(broker, plan.listen());
      Serving.awaitReady(broker, stop);
      broker.lingers(LINGER);
      console().out().println("sluice ready " + url);
      stop.await();
    }
    return Exit.OK;
  }
}
