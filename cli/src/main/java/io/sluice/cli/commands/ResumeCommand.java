package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a drained worker pull again. */
@Command(
    name = "resume",
    header = "Has a drained worker pull jobs again.",
    description =
        "It does so as soon as its engines have proven themselves. Needs a key of scope admin.")
public final class ResumeCommand extends Configured {
  @Parameters(paramLabel = "WORKER", description = "its id, as sluice workers shows it")
  private String id;

  @Option(names = "--json", description = "print the worker as one line of JSON")
  private boolean json;

  public ResumeCommand(Console console) {
    super(console, Clients.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    DrainCommand.checked(id);
    JsonNode worker = Clients.workers(console(), settings).resume(id);
    console().out().println(json ? Json.write(worker) : id + " is told to serve");
    return Exit.OK;
  }
}
