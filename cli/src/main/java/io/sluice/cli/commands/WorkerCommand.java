package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.StopSignal;
import picocli.CommandLine.Command;

/** Runs a worker on RabbitMQ and Redis. */
@Command(
    name = "worker",
    header = "Runs a worker: jobs in, model server out, on RabbitMQ and Redis.",
    description =
        "Prints one line when everything that it needs answers. SIGTERM lets running jobs finish"
            + " and gives the rest back unharmed.")
public final class WorkerCommand extends Configured {
  public WorkerCommand(Console console) {
    super(console, Serving.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    StopSignal stop = StopSignal.listen();
    Plan plan = Serving.distributed(settings, "worker");
    try (Broker broker = Broker.open(plan)) {
      broker.observe();
      broker.work();
      Serving.awaitReady(broker, stop);
      console().out().println("sluice worker ready, engine " + plan.engine().shown());
      stop.await();
    }
    return Exit.OK;
  }
}
