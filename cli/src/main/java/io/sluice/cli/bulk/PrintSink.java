package io.sluice.cli.bulk;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.ResultLine;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.ProgressLine;
import java.util.function.Function;

/**
 * Results to standard output.
 *
 * @param text what is printed of one
 */
record PrintSink(Console console, ProgressLine line, Function<ResultLine, String> text)
    implements Sink {

  @Override
  public void result(ResultLine result) {
    line.print(() -> console.out().println(text.apply(result)));
    if (console.out().checkError()) {
      throw new Refusal(Exit.NOT_COMPLETED, "nobody reads the results any more");
    }
  }

  @Override
  public long last() {
    return 0;
  }

  @Override
  public void close() {
    // Standard output stays open.
  }
}
