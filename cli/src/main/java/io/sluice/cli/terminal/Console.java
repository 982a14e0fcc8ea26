package io.sluice.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The world around a command: its streams, whether a person looks at them, and the environment.
 *
 * @param outIsTerminal whether standard output is a terminal
 * @param errIsTerminal whether standard error is one
 */
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  /**
   * The process's own. Text is UTF-8, whatever the locale says; the launcher tells which streams
   * are terminals, since Java 21 cannot.
   */
  public static Console ofProcess() {
    String terminals = System.getProperty("sluice.terminals", "");
    return new Console(
        new FileInputStream(FileDescriptor.in),
        print(FileDescriptor.out),
        print(FileDescriptor.err),
        System.getenv(),
        terminals.contains("1"),
        terminals.contains("2"));
  }

  /** Text without the control characters that could steer a terminal; models may send any. */
  public static String harmless(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
        .forEach(safe::appendCodePoint);
    return safe.toString();
  }

  private static PrintStream print(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
