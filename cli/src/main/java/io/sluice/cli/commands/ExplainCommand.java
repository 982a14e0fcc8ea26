package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what held a job. */
@Command(
    name = "explain",
    header = "Tells what held a job, and for how long.",
    description = "Step by step, from its submission to its end or to now.")
public final class ExplainCommand extends Configured {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  @Parameters(paramLabel = "ID", description = "the job")
  private String id;

  @Option(names = "--json", description = "print the explanation as one line of JSON")
  private boolean json;

  public ExplainCommand(Console console) {
    super(console, Clients.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    JsonNode told = Clients.jobs(console(), settings).explain(Clients.checked(id));
    if (json) {
      console().out().println(Json.write(told));
    } else {
      print(told);
    }
    return Exit.OK;
  }

  private void print(JsonNode told) {
    line(told.path("summary").asText());
    if (told.path("queue").isObject()) {
      line(QueueText.sentence(told.path("queue"), Instant.now()));
    }
    line("");
    told.path("steps").forEach(step -> line(row(step)));
    if (!told.path("history_complete").asBoolean(true)) {
      line("");
      line("Not all of its history is known.");
    }
  }

  private static String row(JsonNode step) {
    String name = step.path("step").asText().replace('_', ' ');
    String going = step.path("until").isNull() ? " so far" : "";
    return String.format(
            Locale.ROOT,
            "%s %10s%-8s %s",
            TIME.format(Instant.parse(step.path("at").asText())),
            String.format(Locale.ROOT, "%,.3f s", step.path("seconds").asDouble()),
            going,
            name + told(step.path("detail").asText()))
        .stripTrailing();
  }

  private static String told(String detail) {
    return detail.isEmpty() ? "" : ": " + detail;
  }

  private void line(String text) {
    console().out().println(Console.harmless(text).replace('\n', ' '));
  }
}
