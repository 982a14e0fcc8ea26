package io.sluice.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/**
 * How far something is, on standard error: in place at the bottom of a terminal; elsewhere a line
 * now and then. What else is printed meanwhile goes through it, so that nothing is torn. Safe from
 * any thread.
 */
public final class ProgressLine {
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(30);

  /** Columns where no terminal is: there is room for every word, and nothing to draw on. */
  public static final int NO_TERMINAL = 0;

  private final Console console;
  private final IntSupplier width;
  private final InstantSource clock;
  private String shown = "";
  private String told = "";
  private Instant nextTold = Instant.MIN;
  private boolean ended;

  public ProgressLine(Console console, IntSupplier width, InstantSource clock) {
    this.console = console;
    this.width = width;
    this.clock = clock;
  }

  /**
   * Shows a text in place of the last one.
   *
   * @param text for so many columns, or for {@link #NO_TERMINAL}
   */
  public synchronized void show(IntFunction<String> text) {
    if (ended) {
      return;
    }
    if (console.errIsTerminal()) {
      // The last column stays free: terminals differ in what follows a full line.
      shown = cut(Console.harmless(text.apply(width.getAsInt() - 1)), width.getAsInt() - 1);
      draw();
    } else {
      tell(text);
    }
  }

  private void tell(IntFunction<String> text) {
    String plain = text.apply(NO_TERMINAL);
    if (!clock.instant().isBefore(nextTold) && !plain.equals(told)) {
      console.err().println("sluice: " + Console.harmless(plain));
      told = plain;
      nextTold = clock.instant().plus(PLAIN_EVERY);
    }
  }

  /** Says something in a line of its own. */
  public synchronized void say(String text) {
    erase();
    console.err().println("sluice: " + Console.harmless(text).replace('\n', ' '));
    draw();
  }

  /** Prints to standard output while the line is out of the way. */
  public synchronized void print(Runnable printing) {
    boolean inTheWay = console.outIsTerminal();
    if (inTheWay) {
      erase();
    }
    printing.run();
    console.out().flush();
    if (inTheWay) {
      draw();
    }
  }

  /** Takes the line away. */
  public synchronized void close() {
    erase();
    shown = "";
  }

  /** Takes the line away for good: whoever shows something from now on is not heard. */
  public synchronized void end() {
    close();
    ended = true;
  }

  private void draw() {
    if (!shown.isEmpty()) {
      console.err().print("\r\033[2K" + shown);
      console.err().flush();
    }
  }

  private void erase() {
    if (!shown.isEmpty()) {
      console.err().print("\r\033[2K");
      console.err().flush();
    }
  }

  private static String cut(String text, int columns) {
    return text.codePointCount(0, text.length()) <= columns
        ? text
        : text.substring(0, text.offsetByCodePoints(0, Math.max(0, columns)));
  }
}
