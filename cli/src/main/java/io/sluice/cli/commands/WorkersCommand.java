package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.cli.Exit;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the fleet. */
@Command(
    name = "workers",
    header = "Shows the workers and what each is doing.",
    description = "Those that were heard of in the last 15 seconds. Needs a key of scope admin.")
public final class WorkersCommand extends Configured {
  @Option(names = "--json", description = "print them as a JSON array")
  private boolean json;

  public WorkersCommand(Console console) {
    super(console, Clients.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    List<JsonNode> workers = Clients.workers(console(), settings).all();
    if (json) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      workers.forEach(all::add);
      console().out().println(Json.write(all));
    } else {
      Instant now = Instant.now();
      workers.forEach(
          worker -> console().out().println(Console.harmless(WorkerText.row(worker, now))));
    }
    return Exit.OK;
  }
}
