package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.bulk.BatchInput;
import io.sluice.cli.bulk.Course;
import io.sluice.cli.client.Undertaking;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a file of requests answered, and collects the answers. */
@Command(
    name = "batch",
    header = "Has a file of requests answered: OpenAI's Batch.",
    description =
        "Each line of the file is a request, and gives one line of JSON, as soon as it is answered."
            + " Ctrl-C leaves it running at the server.")
public final class BatchCommand extends Configured {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "the requests, a line of JSON each, or - to read standard input")
  private Optional<String> file = Optional.empty();

  @Option(
      names = "--errors",
      paramLabel = "FILE",
      description = "the file of the lines that failed; with the others without it; needs --out")
  private Optional<Path> errors = Optional.empty();

  @Option(
      names = "--endpoint",
      paramLabel = "PATH",
      description = "what the lines ask, such as /v1/chat/completions; else the first line says it")
  private Optional<String> endpoint = Optional.empty();

  @Mixin private BulkOptions bulk = new BulkOptions();

  public BatchCommand(Console console) {
    super(console, Clients.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    boolean begins = bulk.cancel().isEmpty() && bulk.resume().isEmpty();
    if (begins == file.isEmpty()) {
      throw new Refusal(
          Exit.USAGE,
          begins
              ? "which file of requests? Name it, or - for standard input"
              : "--resume and --cancel go by what was begun: name no file");
    }
    if (errors.isPresent() && bulk.out().isEmpty() && bulk.resume().isEmpty()) {
      throw new Refusal(Exit.USAGE, "--errors needs --out");
    }
    Bulks bulks = Bulks.of(console(), settings, Undertaking.BATCH, bulk);
    Course course = bulks.course(errors, Optional.empty());
    return file.isPresent()
        ? new BatchInput(file.get(), endpoint, bulk.window()).begin(course, console().in())
        : bulks.other(course).orElseThrow();
  }
}
