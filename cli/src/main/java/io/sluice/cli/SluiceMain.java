package io.sluice.cli;

import io.sluice.cli.terminal.Console;

/** The entry of the {@code sluice} program. */
public final class SluiceMain {
  private SluiceMain() {}

  public static void main(String[] arguments) {
    // Read once by the JDK, before the first handshake: RFC 9113 section 9.2.1 forbids it for
    // HTTP/2.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    // Halt rather than exit: everything has been closed in order, and no library's hook may delay.
    int code = Program.run(Console.ofProcess(), arguments);
    System.out.flush();
    Runtime.getRuntime().halt(code);
  }
}
