package io.sluice.worker.openai;

import io.sluice.worker.Generation.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the thoughts out of a text that begins with {@code <think>}, where a server runs without a
 * reasoning parser. Only there: tags in the middle of an answer are the answer's own, and of a
 * template that opens the tag in the prompt nothing can be seen.
 */
final class ThinkTags {
  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  private enum State {
    BEFORE,
    THINKING,
    BETWEEN,
    ANSWER
  }

  private State state = State.BEFORE;
  private final StringBuilder held = new StringBuilder();

  /** The server tells the thoughts apart itself. */
  void splitByServer() {
    if (state == State.BEFORE) {
      state = State.ANSWER;
    }
  }

  List<Piece> add(String text) {
    held.append(text);
    List<Piece> pieces = new ArrayList<>();
    State before;
    do {
      before = state;
      step(pieces);
    } while (state != before);
    return pieces;
  }

  /** What was held back, since more might have followed. */
  List<Piece> rest() {
    String text = held.toString();
    held.setLength(0);
    if (text.isEmpty() || state == State.BETWEEN) {
      return List.of();
    }
    return List.of(state == State.THINKING ? new Piece.Thinking(text) : new Piece.Text(text));
  }

  private void step(List<Piece> pieces) {
    switch (state) {
      case BEFORE -> before();
      case THINKING -> thinking(pieces);
      case BETWEEN -> between();
      case ANSWER -> {
        if (!held.isEmpty()) {
          pieces.add(new Piece.Text(held.toString()));
          held.setLength(0);
        }
      }
    }
  }

  private void before() {
    String start = held.toString().stripLeading();
    if (start.startsWith(OPEN)) {
      held.delete(0, held.length() - start.length() + OPEN.length());
      state = State.THINKING;
    } else if (!OPEN.startsWith(start)) {
      state = State.ANSWER;
    }
  }

  private void thinking(List<Piece> pieces) {
    int close = held.indexOf(CLOSE);
    int end = close >= 0 ? close : held.length() - partOfClose();
    if (end > 0) {
      pieces.add(new Piece.Thinking(held.substring(0, end)));
    }
    held.delete(0, close >= 0 ? close + CLOSE.length() : end);
    state = close >= 0 ? State.BETWEEN : State.THINKING;
  }

  /** How many of the last characters may be the beginning of the closing tag. */
  private int partOfClose() {
    for (int length = Math.min(CLOSE.length() - 1, held.length()); length > 0; length--) {
      if (held.substring(held.length() - length).equals(CLOSE.substring(0, length))) {
        return length;
      }
    }
    return 0;
  }

  /** The blank lines between the thoughts and the answer belong to neither. */
  private void between() {
    String answer = held.toString().stripLeading();
    held.setLength(0);
    held.append(answer);
    state = answer.isEmpty() ? State.BETWEEN : State.ANSWER;
  }
}
