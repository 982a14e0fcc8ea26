package io.sluice.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * How many columns the terminal has, asked anew every few seconds, since a window may change. Java
 * cannot tell, so {@code stty} is asked.
 */
public final class TerminalWidth implements IntSupplier {
  static final int UNKNOWN = 80;
  private static final int NARROWEST = 20;
  private static final int WIDEST = 1000;
  private static final long AGE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Map<String, String> environment;
  private int width;
  private long askedNanos;

  public TerminalWidth(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public synchronized int getAsInt() {
    if (width == 0 || System.nanoTime() - askedNanos > AGE_NANOS) {
      width = bounded(environment.containsKey("COLUMNS") ? environment.get("COLUMNS") : stty());
      askedNanos = System.nanoTime();
    }
    return width;
  }

  private static int bounded(String text) {
    return text.matches("[0-9]{1,4}") && Integer.parseInt(text) > 0
        ? Math.clamp(Integer.parseInt(text), NARROWEST, WIDEST)
        : UNKNOWN;
  }

  /** The second number of {@code stty size}; empty where there is no terminal. */
  private static String stty() {
    try {
      Process asked =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(asked.getInputStream().readNBytes(64), StandardCharsets.US_ASCII);
      if (!asked.waitFor(1, TimeUnit.SECONDS)) {
        asked.destroyForcibly();
      }
      String[] words = answer.strip().split(" ");
      return words.length == 2 ? words[1] : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
