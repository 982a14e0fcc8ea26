package io.sluice.cli.terminal;

import java.io.PrintStream;

/** Text that arrives in pieces, set in lines of 76 characters, two in from the left. */
public final class Columns {
  private static final int WIDTH = 76;
  private static final String INDENT = "  ";

  private final PrintStream out;
  private final StringBuilder word = new StringBuilder();
  private int column;
  private int spaces;

  public Columns(PrintStream out) {
    this.out = out;
  }

  /** Prints what is whole of it: a word is held back until its end is known. */
  public void print(String piece) {
    Console.harmless(piece).codePoints().forEach(this::take);
    out.flush();
  }

  /** Prints the rest, and ends the line. */
  public void end() {
    flushWord();
    newLine();
    out.flush();
  }

  private void take(int c) {
    if (c == '\n') {
      flushWord();
      newLine();
    } else if (c == ' ' || c == '\t') {
      flushWord();
      space();
    } else {
      word.appendCodePoint(c);
      if (word.length() >= WIDTH) {
        flushWord();
      }
    }
  }

  private void space() {
    spaces = column > 0 ? 1 : 0;
  }

  private void flushWord() {
    if (word.isEmpty()) {
      return;
    }
    if (column > 0 && column + spaces + word.length() > WIDTH) {
      newLine();
    }
    out.print(column == 0 ? INDENT : " ".repeat(spaces));
    out.print(word);
    column += spaces + word.length();
    spaces = 0;
    word.setLength(0);
  }

  private void newLine() {
    if (column > 0) {
      out.println();
    }
    column = 0;
    spaces = 0;
  }
}
