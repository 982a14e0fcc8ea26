package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.client.JobReader;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.StatusLine;
import java.time.Instant;

/** A job on a terminal: how long it may wait, and then its tokens as they come. */
final class Live implements JobReader {
  private static final String DIM = "\033[2m";
  private static final String PLAIN = "\033[0m";

  private final Console console;
  private final StatusLine status;
  private boolean dim;
  private boolean inLine;

  Live(Console console) {
    this.console = console;
    this.status = new StatusLine(console);
    status.show("submitted");
  }

  /** The same without the tokens, for where the answer is printed at the end. */
  JobReader silent() {
    return new JobReader() {
      private int tokens;

      @Override
      public void waiting(JsonNode queue) {
        Live.this.waiting(queue);
      }

      @Override
      public void started(int attempt) {
        status.show("running");
      }

      @Override
      public void reset(int attempt, String reason) {
        status.show("attempt " + attempt + ", after " + reason);
      }

      @Override
      public void token(String text) {
        tokens++;
        status.show("running, " + tokens + " pieces so far");
      }

      @Override
      public void reconnecting() {
        Live.this.reconnecting();
      }
    };
  }

  @Override
  public void waiting(JsonNode queue) {
    String text = QueueText.of(queue, Instant.now());
    status.show(text.isEmpty() ? "waiting" : "waiting, " + text);
  }

  @Override
  public void started(int attempt) {
    status.show("running, no token yet");
  }

  @Override
  public void reset(int attempt, String reason) {
    status.clear();
    freshLine();
    console.out().println("[attempt " + attempt + ", after " + reason + ": from the beginning]");
  }

  @Override
  public void token(String text) {
    write(text, false);
  }

  @Override
  public void thinking(String text) {
    write(text, true);
  }

  @Override
  public void toolCall(JsonNode call) {
    freshLine();
    write(call.toString() + "\n", false);
  }

  @Override
  public void reconnecting() {
    if (!inLine) {
      status.show("the connection broke; connecting again");
    }
  }

  /** Leaves the terminal as it was found, at the beginning of a line. */
  void close() {
    status.clear();
    freshLine();
    console.out().flush();
  }

  private void write(String text, boolean thought) {
    status.clear();
    String safe = Console.harmless(text);
    if (thought != dim) {
      console.out().print(thought ? DIM : PLAIN + "\n");
      dim = thought;
    }
    console.out().print(safe);
    console.out().flush();
    inLine = !safe.endsWith("\n");
  }

  private void freshLine() {
    if (dim) {
      console.out().print(PLAIN);
      dim = false;
    }
    if (inLine) {
      console.out().println();
      inLine = false;
    }
  }
}
