package io.sluice.cli.commands;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.AuditLog;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.compose.AuditFolder;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.AuditCodec;
import io.sluice.codec.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds entries of the audit log. */
@Command(
    name = "search",
    header = "Finds entries of the audit log, the newest first.",
    description = {
      "Who failed to log in since yesterday?  --action authenticate --outcome refused --since 1d",
      "What did this key do?                  --principal KEY-ID",
      "What happened to this job?             --target job_…",
      "Who changed limits?                    --action tenant_change"
    })
final class AuditSearchCommand extends Configured {
  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})(s|m|h|d)");
  private static final int LIMIT_MAX = 1_000;

  @Option(names = "--tenant", paramLabel = "NAME", description = "of this tenant")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--principal",
      paramLabel = "ID",
      description = "done with this key, or by os:USER")
  private Optional<String> principal = Optional.empty();

  @Option(names = "--address", paramLabel = "IP", description = "from this address")
  private Optional<String> address = Optional.empty();

  @Option(names = "--target", paramLabel = "ID", description = "done to this job, key or tenant")
  private Optional<String> target = Optional.empty();

  @Option(
      names = "--action",
      paramLabel = "ACTION",
      description = "what was done, such as key_create")
  private Optional<String> action = Optional.empty();

  @Option(names = "--outcome", paramLabel = "OUTCOME", description = "how it went, such as refused")
  private Optional<String> outcome = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "not before: 1h, 7d, 2026-01-31T12:00:00Z")
  private Optional<String> since = Optional.empty();

  @Option(names = "--until", paramLabel = "TIME", description = "not after, in the same form")
  private Optional<String> until = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "how many at most, else 100; 1 to 1000")
  private int limit = 100;

  @Option(names = "--json", description = "print each as a line of JSON")
  private boolean json;

  AuditSearchCommand(Console console) {
    super(console, List.of(DataSettings.class, AuditSettings.class));
  }

  @Override
  Exit run(Settings settings) {
    AuditLog.Query query = query(Instant.now());
    List<AuditEvent> found =
        AuditFolder.of(settings.get(AuditSettings.class), settings.get(DataSettings.class).data())
            .search(query);
    found.stream()
        .limit(limit)
        .forEach(event -> console().out().println(json ? jsonLine(event) : line(event)));
    if (found.size() > limit) {
      console()
          .err()
          .println(
              "sluice: there are more than these "
                  + limit
                  + ": go on with --until and the time of the last, or raise --limit (1000 at most)");
    }
    return Exit.OK;
  }

  private AuditLog.Query query(Instant now) {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new Refusal(Exit.USAGE, "--limit is 1 to " + LIMIT_MAX);
    }
    return new AuditLog.Query(
        tenant,
        principal,
        address,
        target,
        action.map(text -> choice("--action", text, Action.values(), Action::wireName)),
        outcome.map(text -> choice("--outcome", text, Outcome.values(), Outcome::wireName)),
        since.map(text -> moment("--since", text, now)),
        until.map(text -> moment("--until", text, now)),
        limit + 1); // one more shows whether there are more
  }

  private static <E> E choice(String flag, String text, E[] all, Function<E, String> name) {
    return Stream.of(all)
        .filter(one -> name.apply(one).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new Refusal(
                    Exit.USAGE,
                    flag
                        + ": '"
                        + text
                        + "' is none of "
                        + Stream.of(all).map(name).collect(Collectors.joining(", "))));
  }

  private static Instant moment(String flag, String text, Instant now) {
    Matcher ago = AGO.matcher(text);
    try {
      return ago.matches() ? now.minus(duration(ago)) : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Refusal(
          Exit.USAGE, flag + ": '" + text + "' is neither 1h or 7d nor 2026-01-31T12:00:00Z");
    }
  }

  private static Duration duration(Matcher ago) {
    long amount = Long.parseLong(ago.group(1));
    return switch (ago.group(2)) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static String jsonLine(AuditEvent event) {
    return Json.write(AuditCodec.write(event));
  }

  private static String line(AuditEvent event) {
    Map<String, Optional<String>> fields = new java.util.LinkedHashMap<>();
    fields.put("tenant", event.tenant());
    fields.put("by", event.principal());
    fields.put("from", event.address());
    fields.put("to", event.target());
    String known =
        fields.entrySet().stream()
            .filter(field -> field.getValue().isPresent())
            .map(field -> field.getKey() + " " + field.getValue().get())
            .collect(Collectors.joining(", "));
    String details =
        new TreeMap<>(event.details())
            .entrySet().stream()
                .map(detail -> detail.getKey() + "=" + detail.getValue())
                .collect(Collectors.joining(" "));
    String text =
        "%s  %-15s %-8s %s%s"
            .formatted(
                event.at().truncatedTo(ChronoUnit.MILLIS),
                event.action().wireName(),
                event.outcome().wireName(),
                known,
                details.isEmpty() ? "" : "  (" + details + ")");
    return oneLine(text);
  }

  /** Nothing of a value moves the cursor or the order of the text. */
  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]", "?");
  }
}
