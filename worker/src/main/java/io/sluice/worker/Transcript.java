package io.sluice.worker;

import io.sluice.JobEvent;
import io.sluice.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was generated, in order; neighbouring pieces of one kind are joined to one event. */
final class Transcript {
  private static final int JOINED_CHARS_MOST = 8 * 1024;

  private final List<JobEvent> events = new ArrayList<>();
  private final StringBuilder tail = new StringBuilder();
  private boolean tailIsThinking;
  private boolean thought;
  private int chars;
  private int bytes;

  void add(JobEvent event) {
    switch (event) {
      case JobEvent.Token(String text) -> join(text, false);
      case JobEvent.Thinking(String text) -> join(text, true);
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

  private void join(String text, boolean thinking) {
    if (tailIsThinking != thinking || tail.length() + text.length() > JOINED_CHARS_MOST) {
      seal();
    }
    tailIsThinking = thinking;
    thought |= thinking;
    tail.append(text);
    count(text);
  }

  private void seal() {
    if (!tail.isEmpty()) {
      String text = tail.toString();
      events.add(tailIsThinking ? new JobEvent.Thinking(text) : new JobEvent.Token(text));
      tail.setLength(0);
    }
  }

  private void count(String text) {
    chars += text.length();
    bytes += utf8Length(text);
  }

  boolean isEmpty() {
    return chars == 0;
  }

  int chars() {
    return chars;
  }

  /** Whether any of it was a thought. */
  boolean thought() {
    return thought;
  }

  /** The size of the text in UTF-8. */
  int bytes() {
    return bytes;
  }

  List<JobEvent> events() {
    seal();
    return List.copyOf(events);
  }

  Output output() {
    List<JobEvent> all = events();
    String thinking =
        all.stream()
            .filter(JobEvent.Thinking.class::isInstance)
            .map(event -> ((JobEvent.Thinking) event).text())
            .collect(Collectors.joining());
    return new Output(
        all.stream()
            .filter(JobEvent.Token.class::isInstance)
            .map(event -> ((JobEvent.Token) event).text())
            .collect(Collectors.joining()),
        Optional.of(thinking).filter(text -> !text.isEmpty()),
        all.stream()
            .filter(JobEvent.ToolCall.class::isInstance)
            .map(event -> ((JobEvent.ToolCall) event).json())
            .toList());
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
