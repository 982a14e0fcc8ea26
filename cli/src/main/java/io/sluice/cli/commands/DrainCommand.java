package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Fleet.Wish;
import io.sluice.WorkerReport;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.Workers;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a worker pull nothing more. */
@Command(
    name = "drain",
    header = "Has a worker pull nothing more, until it is resumed.",
    description =
        "What runs there may end within a time, and is then given back, without an attempt that"
            + " counts. The process stays; one that is started again serves. Needs a key of scope"
            + " admin.")
public final class DrainCommand extends Configured {
  private static final Pattern TIME = Pattern.compile("([0-9]{1,4})([smh])");
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** To hear of it, and to give back what runs. */
  private static final Duration MORE = Duration.ofSeconds(60);

  @Parameters(paramLabel = "WORKER", description = "its id, as sluice workers shows it")
  private String id;

  @Option(
      names = "--within",
      paramLabel = "TIME",
      defaultValue = "130s",
      description = "how long what runs may go on, up to 1h; 130s unless set")
  private String within;

  @Option(names = "--wait", description = "wait until it has no jobs; gives up a minute after TIME")
  private boolean wait;

  @Option(names = "--json", description = "print the worker as one line of JSON")
  private boolean json;

  public DrainCommand(Console console) {
    super(console, Clients.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    Duration time = parse(within);
    checked(id);
    Workers workers = Clients.workers(console(), settings);
    JsonNode worker = workers.drain(id, time);
    Optional<JsonNode> last = wait ? awaitDrained(workers, worker, time) : Optional.of(worker);
    if (json) {
      last.ifPresent(one -> console().out().println(Json.write(one)));
    } else {
      console().out().println(id + " " + (wait ? state(last) : "is told to drain"));
    }
    return Exit.OK;
  }

  /**
   * As it was last seen; nothing where it is not heard of any more.
   *
   * @param told as it was when it was told: if it seemed drained by then, it may have been resumed
   *     since
   */
  private Optional<JsonNode> awaitDrained(Workers workers, JsonNode told, Duration time) {
    long end = System.nanoTime() + time.plus(MORE).toNanos();
    Optional<JsonNode> seen = workers.find(id);
    while (seen.filter(worker -> !isDrained(worker) || isAsOld(worker, told)).isPresent()) {
      if (System.nanoTime() > end) {
        throw new Refusal(
            Exit.NOT_COMPLETED,
            id + " still has " + seen.get().path("jobs").asInt() + " jobs; it goes on draining");
      }
      LockSupport.parkNanos(LOOK.toNanos());
      seen = workers.find(id);
    }
    return seen;
  }

  private static boolean isDrained(JsonNode worker) {
    return worker.path("state").asText().equals(WorkerReport.State.DRAINED.wireName());
  }

  private static boolean isAsOld(JsonNode worker, JsonNode told) {
    return worker.path("seen_at").equals(told.path("seen_at"));
  }

  private static String state(Optional<JsonNode> worker) {
    return worker.isPresent()
        ? "is drained"
        : "is not heard of any more: its process has ended, or reaches no store";
  }

  /** An id that can be part of a path; anything else never was a worker. */
  static void checked(String id) {
    if (!id.matches(WorkerReport.ID_FORM)) {
      throw new Refusal(Exit.USAGE, "'" + id + "' is no worker: sluice workers shows their ids");
    }
  }

  private static Duration parse(String text) {
    Matcher form = TIME.matcher(text);
    if (form.matches()) {
      long amount = Long.parseLong(form.group(1));
      Duration time =
          switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
          };
      if (time.compareTo(Wish.Drain.WITHIN_MAX) <= 0) {
        return time;
      }
    }
    throw new Refusal(
        Exit.USAGE, "--within: '" + text + "' is not a time such as 30s or 10m, up to 1h");
  }
}
