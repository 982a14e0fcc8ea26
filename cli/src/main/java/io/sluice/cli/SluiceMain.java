package io.sluice.cli;

import io.sluice.cli.terminal.Console;

/** The entry of the {@code sluice} program. */
public final class SluiceMain {
  private SluiceMain() {}

  public static void main(String[] arguments) {
    // Halt rather than exit: everything has been closed in order, and no library's hook may delay.
    int code = Program.run(Console.ofProcess(), arguments);
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }
}
