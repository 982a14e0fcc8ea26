package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.bulk.Course;
import io.sluice.cli.bulk.Leaving;
import io.sluice.cli.bulk.Surroundings;
import io.sluice.cli.bulk.Wishes;
import io.sluice.cli.client.Bulk;
import io.sluice.cli.client.Notice;
import io.sluice.cli.client.Undertaking;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.ProgressLine;
import io.sluice.cli.terminal.TerminalWidth;
import io.sluice.codec.Json;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** How analyze and batch begin, go on and cancel. */
record Bulks(Surroundings around, Undertaking kind, BulkOptions options) {
  private static final InstantSource CLOCK = InstantSource.system();

  static Bulks of(Console console, Settings settings, Undertaking kind, BulkOptions options) {
    ProgressLine line = new ProgressLine(console, new TerminalWidth(console.environment()), CLOCK);
    Bulk bulk =
        new Bulk(
            Clients.api(console, settings),
            CLOCK,
            CLOCK.instant().plus(options.window()),
            notice(line));
    Leaving leaving = new Leaving(console, line, code -> Runtime.getRuntime().halt(code));
    leaving.listen();
    return new Bulks(new Surroundings(console, bulk, line, leaving, CLOCK), kind, options);
  }

  private static Notice notice(ProgressLine line) {
    return new Notice() {
      @Override
      public void away(String why) {
        line.say(why + "; trying again");
      }

      @Override
      public void back() {
        line.say("the server answers again");
      }
    };
  }

  Course course(Optional<Path> errors, Optional<Path> report) {
    return new Course(
        around,
        kind,
        new Wishes(
            options.out(), errors, report, options.window(), options.detach(), options.json()));
  }

  /** Cancels one, or goes on with one, where the options say so. */
  Optional<Exit> other(Course course) {
    if (options.cancel().isPresent()) {
      return Optional.of(cancel(options.cancel().get()));
    }
    return options.resume().map(course::resume);
  }

  private Exit cancel(String id) {
    if (!kind.isId(id)) {
      throw new Refusal(
          Exit.USAGE, "'" + id + "' is no id of one: they look like " + kind.sample());
    }
    JsonNode cancelled = around.bulk().cancel(kind, id);
    around
        .console()
        .out()
        .println(
            options.json() ? Json.write(cancelled) : id + " " + cancelled.path("status").asText());
    return Exit.OK;
  }
}
