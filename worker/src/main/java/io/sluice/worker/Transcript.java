package io.sluice.worker;

import io.sluice.JobEvent;
import io.sluice.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was generated, in order; neighbouring pieces of one kind are joined to one event. */
final class Transcript {
  private static final int JOINED_CHARS_MOST = 8 * 1024;
  private static final int JOINED_LOGPROB_CHARS_MOST = 16 * 1024;

  private final List<JobEvent> events = new ArrayList<>();
  private final StringBuilder tail = new StringBuilder();
  private final JsonArrays tailLogprobs = new JsonArrays();
  private boolean tailIsThinking;
  private boolean thought;
  private boolean empty = true;
  private int chars;
  private int bytes;
  private int logprobBytes;

  Transcript with(JobEvent event) {
    add(event);
    return this;
  }

  void add(JobEvent event) {
    empty = false;
    switch (event) {
      case JobEvent.Token(String text, Optional<String> logprobs) -> join(text, logprobs, false);
      case JobEvent.Thinking(String text, Optional<String> logprobs) -> join(text, logprobs, true);
      case JobEvent.ToolCall(String json) -> {
        seal();
        count(json);
        events.add(event);
      }
      case JobEvent.Start start -> throw written(start);
      case JobEvent.Reset reset -> throw written(reset);
      case JobEvent.End end -> throw written(end);
    }
  }

  /** Whether another event still fits these bounds. */
  boolean holds(JobEvent event, int bytesMost, int logprobBytesMost) {
    String text = event instanceof JobEvent.ToolCall(String json) ? json : text(event);
    return bytes + utf8Length(text) <= bytesMost
        && logprobBytes + logprobs(event).mapToInt(Transcript::utf8Length).sum()
            <= logprobBytesMost;
  }

  private void join(String text, Optional<String> logprobs, boolean thinking) {
    int more = logprobs.map(String::length).orElse(0);
    if (tailIsThinking != thinking
        || tail.length() + text.length() > JOINED_CHARS_MOST
        || tailLogprobs.length() + more > JOINED_LOGPROB_CHARS_MOST) {
      seal();
    }
    tailIsThinking = thinking;
    thought |= thinking;
    tail.append(text);
    count(text);
    logprobs.ifPresent(
        those -> {
          tailLogprobs.add(those);
          logprobBytes += utf8Length(those);
        });
  }

  private void seal() {
    Optional<String> logprobs = tailLogprobs.joined();
    if (!tail.isEmpty() || logprobs.isPresent()) {
      String text = tail.toString();
      events.add(
          tailIsThinking
              ? new JobEvent.Thinking(text, logprobs)
              : new JobEvent.Token(text, logprobs));
      tail.setLength(0);
      tailLogprobs.clear();
    }
  }

  private void count(String text) {
    chars += text.length();
    bytes += utf8Length(text);
  }

  boolean isEmpty() {
    return empty;
  }

  int chars() {
    return chars;
  }

  /** Whether any of it was a thought. */
  boolean thought() {
    return thought;
  }

  List<JobEvent> events() {
    seal();
    return List.copyOf(events);
  }

  Output output() {
    List<JobEvent> all = events();
    String thinking = text(all, JobEvent.Thinking.class);
    JsonArrays logprobs = new JsonArrays();
    all.stream().flatMap(Transcript::logprobs).forEach(logprobs::add);
    return new Output(
        text(all, JobEvent.Token.class),
        Optional.of(thinking).filter(text -> !text.isEmpty()),
        all.stream()
            .filter(JobEvent.ToolCall.class::isInstance)
            .map(event -> ((JobEvent.ToolCall) event).json())
            .toList(),
        logprobs.joined());
  }

  private static String text(List<JobEvent> events, Class<? extends JobEvent> kind) {
    return events.stream()
        .filter(kind::isInstance)
        .map(Transcript::text)
        .collect(Collectors.joining());
  }

  private static String text(JobEvent event) {
    return switch (event) {
      case JobEvent.Token token -> token.text();
      case JobEvent.Thinking thinking -> thinking.text();
      default -> "";
    };
  }

  private static Stream<String> logprobs(JobEvent event) {
    return switch (event) {
      case JobEvent.Token token -> token.logprobs().stream();
      case JobEvent.Thinking thinking -> thinking.logprobs().stream();
      default -> Stream.empty();
    };
  }

  /** As many bytes as the text has in UTF-8, without encoding it. */
  static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A surrogate is half of a character of four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private static IllegalArgumentException written(JobEvent event) {
    return new IllegalArgumentException(event + " is written by the store");
  }
}
