package io.sluice.codec;

import io.sluice.Cached;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
      case Step.Joined it ->
          it.source().isPresent()
              ? line("joined", at, "job", it.source().get())
              : line("joined", at);
      case Step.Answered it ->
          it.cached().source().isPresent()
              ? line("answered", at, "how", how(it), "job", it.cached().source().get())
              : line("answered", at, "how", how(it));
      case Step.Ended it -> line("ended", at, "state", it.state().wireName());
      case Step.WebhookTried it ->
          line(
              "webhook_tried",
              at,
              "attempt",
              it.attempt(),
              "status",
              it.status().map(String::valueOf).orElse(""),
              "problem",
              it.problem().orElse(""));
      case Step.LeftOut it -> line("left_out", at, "steps", it.steps());
    };
  }

  private static String how(Step.Answered it) {
    return it.cached().how().wireName();
  }

  private static String started(Step.Started it, long at) {
    List<Object> pairs = new ArrayList<>(List.of("attempt", it.attempt(), "worker", it.worker()));
    it.turn().ifPresent(turn -> pairs.addAll(pairs(turn)));
    return line("started", at, pairs.toArray());
  }

  private static List<Object> pairs(Step.Turn turn) {
    List<Object> pairs = new ArrayList<>();
    pairs.addAll(List.of("first", turn.first().toEpochMilli(), "ahead", turn.ahead()));
    pairs.addAll(List.of("interactive", turn.meanwhile().interactive()));
    pairs.addAll(List.of("batch", turn.meanwhile().batch()));
    turn.bound()
        .ifPresent(
            bound -> {
              pairs.addAll(List.of("running", bound.running(), "running_max", bound.runningMax()));
              bound.until().ifPresent(it -> pairs.addAll(List.of("bounded", it.toEpochMilli())));
            });
    return pairs;
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
              new Step.Failed(at, values.text("code"), values.time("not_before").orElse(at));
          case "lease_lost" -> new Step.LeaseLost(at, values.text("worker"));
          case "cancel_asked" -> new Step.CancelAsked(at);
          case "joined" -> new Step.Joined(at, values.job());
          case "answered" -> values.answered(at);
          case "ended" -> new Step.Ended(at, JobState.ofWireName(values.text("state")));
          case "webhook_tried" ->
              new Step.WebhookTried(
                  at,
                  (int) values.number("attempt"),
                  values.given("status").map(Integer::parseInt),
                  values.given("problem"));
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

    private Optional<JobId> job() {
      return Optional.ofNullable(byName.get("job")).map(JobId::new);
    }

    /** Null for a way that this program does not know. */
    private Step answered(Instant at) {
      return SharingCodec.readCached(text("how"))
          .map(it -> new Step.Answered(at, new Cached(it.how(), job())))
          .orElse(null);
    }

    private Optional<String> given(String name) {
      return Optional.of(text(name)).filter(it -> !it.isEmpty());
    }

    private long number(String name) {
      return Long.parseLong(byName.getOrDefault(name, "0"));
    }

    private Optional<Instant> time(String name) {
      return byName.containsKey(name)
          ? Optional.of(Instant.ofEpochMilli(number(name)))
          : Optional.empty();
    }

    private Optional<Step.Turn> turn() {
      return time("first")
          .map(
              first ->
                  new Step.Turn(
                      first,
                      number("ahead"),
                      new Step.Starts(number("interactive"), number("batch")),
                      bound()));
    }

    private Optional<Step.Bound> bound() {
      return byName.containsKey("running_max")
          ? Optional.of(new Step.Bound(number("running"), number("running_max"), time("bounded")))
          : Optional.empty();
    }
  }
}
