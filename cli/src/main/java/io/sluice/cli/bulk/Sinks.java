package io.sluice.cli.bulk;

import io.sluice.cli.client.ResultLine;
import io.sluice.cli.client.Undertaking;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Where results go, as somebody wishes. */
final class Sinks {
  private Sinks() {}

  /** For results that are all still to come. */
  static Sink fresh(Surroundings around, Undertaking kind, Wishes wishes) {
    return open(around, kind, wishes, ResultFile::fresh);
  }

  /** For those after the ones that are there. */
  static Sink resumed(Surroundings around, Undertaking kind, Wishes wishes) {
    return open(around, kind, wishes, ResultFile::resumed);
  }

  private static Sink open(
      Surroundings around, Undertaking kind, Wishes wishes, Function<Path, ResultFile> file) {
    if (wishes.out().isEmpty()) {
      return new PrintSink(around.console(), around.line(), text(around, kind, wishes));
    }
    ResultFile results = file.apply(wishes.out().get());
    try {
      Optional<ResultFile> errors = wishes.errors().map(file);
      return new FileSink(results, errors);
    } catch (RuntimeException e) {
      results.close();
      throw e;
    }
  }

  private static Function<ResultLine, String> text(
      Surroundings around, Undertaking kind, Wishes wishes) {
    if (wishes.json() || !around.console().outIsTerminal()) {
      return ResultLine::text;
    }
    return kind == Undertaking.BATCH ? DocumentText::ofLine : DocumentText::ofDocument;
  }
}
