package io.sluice.cli.commands;

import io.sluice.JobClass;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.settings.ClientSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.ModelSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Submits one prompt and shows the answer as it is made. */
@Command(
    name = "submit",
    header = "Submits a prompt and shows the answer.",
    description =
        "Token by token on a terminal, as plain text where it is piped. Ctrl-C leaves the job"
            + " running.")
public final class SubmitCommand extends Configured {
  @Parameters(paramLabel = "PROMPT", description = "the prompt, or - to read standard input")
  private String prompt;

  @Option(names = "--system", paramLabel = "TEXT", description = "a system message before it")
  private Optional<String> system = Optional.empty();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "interactive (as without it) or batch")
  private Optional<String> jobClass = Optional.empty();

  @Option(
      names = "--max-output-tokens",
      paramLabel = "N",
      description = "the most tokens of the answer")
  private Optional<Integer> maxOutputTokens = Optional.empty();

  @Option(names = "--detach", description = "print the job's id and do not wait")
  private boolean detach;

  @Option(names = "--json", description = "print the finished job as one line of JSON")
  private boolean json;

  public SubmitCommand(Console console) {
    super(console, List.of(ClientSettings.class, DataSettings.class, ModelSettings.class));
  }

  @Override
  Exit run(Settings settings) {
    Jobs jobs = Clients.jobs(console(), settings);
    return new Watching(console(), jobs, json).submit(request(settings).json(), detach);
  }

  private JobRequest request(Settings settings) {
    jobClass.ifPresent(SubmitCommand::check);
    return new JobRequest(
        JobRequest.prompt(prompt, console().in()),
        system,
        ServedModel.of(settings),
        jobClass,
        maxOutputTokens);
  }

  private static void check(String name) {
    for (JobClass known : JobClass.values()) {
      if (known.wireName().equals(name.toLowerCase(Locale.ROOT))) {
        return;
      }
    }
    throw new Refusal(Exit.USAGE, "--class: '" + name + "' is none of interactive, batch");
  }
}
