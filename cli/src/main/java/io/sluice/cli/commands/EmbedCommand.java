package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobKind;
import io.sluice.cli.Exit;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.settings.ClientSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.ModelSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has vectors made of texts, by one job, and prints them. */
@Command(
    name = "embed",
    header = "Makes a vector of each text.",
    description =
        "With a model that makes embeddings. Prints a line for each text, a list of numbers."
            + " Ctrl-C leaves the job running.")
public final class EmbedCommand extends Configured {
  @Parameters(
      arity = "1..*",
      paramLabel = "TEXT",
      description = "a text, or - to read one from standard input")
  private List<String> texts;

  @Option(
      names = "--dimensions",
      paramLabel = "N",
      description = "how many numbers each vector is to have; else the model decides")
  private Optional<Integer> dimensions = Optional.empty();

  @Option(names = "--detach", description = "print the job's id and do not wait")
  private boolean detach;

  @Option(names = "--json", description = "print the finished job as one line of JSON")
  private boolean json;

  public EmbedCommand(Console console) {
    super(console, List.of(ClientSettings.class, DataSettings.class, ModelSettings.class));
  }

  @Override
  Exit run(Settings settings) {
    Jobs jobs = Clients.jobs(console(), settings);
    return new Watching(console(), jobs, json).submit(request(settings), detach);
  }

  private ObjectNode request(Settings settings) {
    ObjectNode job = Json.object().put("kind", JobKind.EMBED.wireName());
    job.put("model", ServedModel.of(settings));
    var input = job.putArray("input");
    texts.forEach(text -> input.add(JobRequest.prompt(text, console().in())));
    dimensions.ifPresent(many -> job.put("dimensions", many));
    return job;
  }
}
