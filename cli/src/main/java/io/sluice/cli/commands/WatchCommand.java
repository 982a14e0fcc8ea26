package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a job that was submitted before. */
@Command(name = "watch", header = "Shows a job from its first token to its end.")
public final class WatchCommand extends Configured {
  @Parameters(paramLabel = "ID", description = "the job")
  private String id;

  @Option(names = "--json", description = "print the finished job as one line of JSON")
  private boolean json;

  public WatchCommand(Console console) {
    super(console, Clients.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    return new Watching(console(), Clients.jobs(console(), settings), json)
        .follow(Clients.checked(id));
  }
}
