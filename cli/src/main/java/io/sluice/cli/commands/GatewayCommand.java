package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.StopSignal;
import java.net.URI;
import picocli.CommandLine.Command;

/** Runs a gateway on RabbitMQ and Redis. */
@Command(
    name = "gateway",
    header = "Runs a gateway: HTTP in, jobs out, on RabbitMQ and Redis.",
    description =
        "Prints one line when it serves and everything behind it answers. Keys are made with:"
            + " sluice key create.")
public final class GatewayCommand extends Configured {
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
      console().out().println("sluice ready " + url);
      stop.await();
    }
    return Exit.OK;
  }
}
