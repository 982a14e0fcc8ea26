package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks for a job's end. */
@Command(
    name = "cancel",
    header = "Cancels a job, waiting or running.",
    description = "One that has ended stays as it is.")
public final class CancelCommand extends Configured {
  @Parameters(paramLabel = "ID", description = "the job")
  private String id;

  @Option(names = "--json", description = "print the job as one line of JSON")
  private boolean json;

  public CancelCommand(Console console) {
    super(console, Clients.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    JsonNode job = Clients.jobs(console(), settings).cancel(Clients.checked(id));
    String line = job.path("id").asText() + " " + job.path("state").asText();
    console().out().println(json ? Json.write(job) : line);
    return Exit.OK;
  }
}
