package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What analyze and batch have in common, as options. */
final class BulkOptions {
  private static final Pattern WINDOW = Pattern.compile("([0-9]{1,4})([hd])");
  private static final Duration WINDOW_MAX = Duration.ofDays(7);

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "the file of the results, a line of JSON each; else standard output")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--window",
      paramLabel = "TIME",
      defaultValue = "24h",
      description = "when all must be done by, such as 8h or 2d; 24h unless set")
  private String window;

  @Option(names = "--detach", description = "send and start it, print its id, and do not wait")
  private boolean detach;

  @Option(
      names = "--resume",
      paramLabel = "ID|FILE",
      description =
          "go on with one that goes on at the server, by its id, or with one that was stopped while"
              + " it was sent, by its --out FILE; no result comes twice")
  private Optional<String> resume = Optional.empty();

  @Option(names = "--cancel", paramLabel = "ID", description = "stop one; what is done stays")
  private Optional<String> cancel = Optional.empty();

  @Option(
      names = "--json",
      description =
          "print results as JSON on a terminal too; with --out, --detach and --cancel: print the"
              + " whole as one line of JSON")
  private boolean json;

  Optional<Path> out() {
    return out;
  }

  Duration window() {
    Matcher form = WINDOW.matcher(window);
    if (form.matches()) {
      long amount = Long.parseLong(form.group(1));
      Duration time =
          form.group(2).equals("h") ? Duration.ofHours(amount) : Duration.ofDays(amount);
      if (time.isPositive() && time.compareTo(WINDOW_MAX) <= 0) {
        return time;
      }
    }
    throw new Refusal(
        Exit.USAGE, "--window: '" + window + "' is not a time such as 8h or 2d, up to 7d");
  }

  boolean detach() {
    return detach;
  }

  Optional<String> resume() {
    return resume;
  }

  Optional<String> cancel() {
    return cancel;
  }

  boolean json() {
    return json;
  }
}
