package io.sluice.cli.bulk;

import io.sluice.cli.Exit;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.ProgressLine;
import io.sluice.cli.terminal.Signals;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * What happens at Ctrl-C: how to come back is said, and the process ends; at a second one it ends
 * at once. Safe from any thread.
 */
public final class Leaving {
  private final Console console;
  private final ProgressLine line;
  private final IntConsumer halt;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile Supplier<List<String>> words = List::of;

  /**
   * @param halt ends the process with a code, and in a process does not return
   */
  public Leaving(Console console, ProgressLine line, IntConsumer halt) {
    this.console = console;
    this.line = line;
    this.halt = halt;
  }

  /** Hears Ctrl-C from now on. */
  public void listen() {
    Signals.onStop(this::stop);
  }

  /** What is said from now on, a line each. */
  void says(Supplier<List<String>> next) {
    words = next;
  }

  void stop() {
    if (!asked.getAndSet(true)) {
      // Whoever prints a result has the line: it is printed whole before the process ends.
      line.end();
      line.print(() -> {});
      List<String> lines = words.get();
      for (int i = 0; i < lines.size(); i++) {
        console.err().println((i == 0 ? "sluice: " : "        ") + Console.harmless(lines.get(i)));
      }
    }
    halt.accept(Exit.INTERRUPTED.code());
  }
}
