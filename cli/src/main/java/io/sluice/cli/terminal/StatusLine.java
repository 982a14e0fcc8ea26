package io.sluice.cli.terminal;

/**
 * One line at the bottom of a terminal that says what is being waited for; nothing where nobody
 * looks. Used by one thread.
 */
public final class StatusLine {
  private static final int WIDTH = 79;
  private final Console console;
  private boolean shown;

  public StatusLine(Console console) {
    this.console = console;
  }

  /** Shows a text in place of the last one. */
  public void show(String text) {
    if (console.errIsTerminal()) {
      String safe = Console.harmless(text).replace('\n', ' ');
      console.err().print("\r\033[2K" + safe.substring(0, Math.min(safe.length(), WIDTH)));
      console.err().flush();
      shown = true;
    }
  }

  /** Takes the line away, so that other text can follow. */
  public void clear() {
    if (shown) {
      console.err().print("\r\033[2K");
      console.err().flush();
      shown = false;
    }
  }
}
