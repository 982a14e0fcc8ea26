package io.sluice.codec;

import io.sluice.JobState;
import io.sluice.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Steps of a history as lines of text: a word, the time in ms, and named values. A step that this
 * program does not know, of a newer one, is left out, and so is a value.
 */
public final class StepCodec {
  private StepCodec() {}

  /** A whole line, its end included. */
  public static String write(Step step) {
    long at = step.at().toEpochMilli();
    return switch (step) {
      case Step.Admitted it -> line("admitted", at, "delay", it.delay().toMillis());
      case Step.Published it -> line("published", at);
      case Step.Restored it -> line("restored", at);
      case Step.Started it -> started(it, at);
      case Step.Failed it ->
          line("failed", at, "code", it.code(), "not_before", it.notBefore().toEpochMilli());
      case Step.LeaseLost it -> line("lease_lost", at, "worker", it.worker());
      case Step.CancelAsked it -> line("cancel_asked", at);
      case Step.Ended it -> line("ended", at, "state", it.state().wireName());
      case Step.LeftOut it -> line("left_out", at, "steps", it.steps());
    };
  }

  private static String started(Step.Started it, long at) {
    if (it.turn().isEmpty()) {
      return line("started", at, "attempt", it.attempt(), "worker", it.worker());
    }
    Step.Turn turn = it.turn().get();
    return line(
        "started",
        at,
        "attempt",
        it.attempt(),
        "worker",
        it.worker(),
        "first",
        turn.first().toEpochMilli(),
        "interactive",
        turn.interactive(),
        "batch",
        turn.batch(),
        "running",
        turn.running(),
        "running_max",
        turn.runningMax());
  }

  private static String line(String word, long at, Object... pairs) {
    StringBuilder line = new StringBuilder(word).append(' ').append(at);
    for (int i = 0; i < pairs.length; i += 2) {
      String value = String.valueOf(pairs[i + 1]).replaceAll("\\s", "_");
      line.append(' ').append(pairs[i]).append('=').append(value);
    }
    return line.append('\n').toString();
  }

  /** All steps of a text, in order. */
  public static List<Step> read(String text) {
    return text.lines().flatMap(line -> step(line).stream()).toList();
  }

  private static Optional<Step> step(String line) {
    String[] words = line.split(" ");
    if (words.length < 2) {
      return Optional.empty();
    }
    Values values = Values.of(words);
    Instant at = Instant.ofEpochMilli(Long.parseLong(words[1]));
    return Optional.ofNullable(
        switch (words[0]) {
          case "admitted" -> new Step.Admitted(at, Duration.ofMillis(values.number("delay")));
          case "published" -> new Step.Published(at);
          case "restored" -> new Step.Restored(at);
          case "started" ->
              new Step.Started(
                  at, (int) values.number("attempt"), values.text("worker"), values.turn());
          case "failed" ->
              new Step.Failed(at, values.text("code"), values.instant("not_before", at));
          case "lease_lost" -> new Step.LeaseLost(at, values.text("worker"));
          case "cancel_asked" -> new Step.CancelAsked(at);
          case "ended" -> new Step.Ended(at, JobState.ofWireName(values.text("state")));
          case "left_out" -> new Step.LeftOut(at, (int) values.number("steps"));
          default -> null;
        });
  }

  private record Values(Map<String, String> byName) {
    private static Values of(String[] words) {
      Map<String, String> byName = new HashMap<>();
      for (int i = 2; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        if (equals > 0) {
          byName.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
      }
      return new Values(byName);
    }

    private String text(String name) {
      return byName.getOrDefault(name, "");
    }

    private long number(String name) {
      return Long.parseLong(byName.getOrDefault(name, "0"));
    }

    private Instant instant(String name, Instant otherwise) {
      return byName.containsKey(name) ? Instant.ofEpochMilli(number(name)) : otherwise;
    }

    private Optional<Step.Turn> turn() {
      return byName.containsKey("first")
          ? Optional.of(
              new Step.Turn(
                  Instant.ofEpochMilli(number("first")),
                  number("interactive"),
                  number("batch"),
                  number("running"),
                  number("running_max")))
          : Optional.empty();
    }
  }
}
