package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.ResultReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A page of the results of a pipeline: an overview, and each document with where it comes from. */
final class Report {
  /** How a page is written. */
  interface Form {
    /** What stands above all. */
    void begin(JsonNode pipeline) throws IOException;

    /** A line of the overview. */
    void row(ReportRow row) throws IOException;

    void endRows() throws IOException;

    /** All of a result. */
    void result(ReportResult result) throws IOException;

    void end() throws IOException;
  }

  private Report() {}

  /**
   * Writes a page in place of any that was there.
   *
   * @param results tells all results to a reader; asked twice
   */
  static void write(Path file, JsonNode pipeline, Consumer<ResultReader> results) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (BufferedWriter writer = Files.newBufferedWriter(fresh)) {
        write(form(file, writer), pipeline, results);
      }
      Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (UncheckedIOException e) {
      throw failed(file, e.getCause());
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static Refusal failed(Path file, IOException e) {
    return new Refusal(Exit.USAGE, "cannot write " + file + ": " + ResultFile.reason(e));
  }

  private static Form form(Path file, BufferedWriter writer) {
    return file.toString().matches(".*\\.html?") ? new HtmlForm(writer) : new MarkdownForm(writer);
  }

  private static void write(Form form, JsonNode pipeline, Consumer<ResultReader> results)
      throws IOException {
    Map<Long, String> names = new HashMap<>();
    form.begin(pipeline);
    results.accept(
        line -> {
          ReportResult.named(line.json(), names);
          unchecked(() -> form.row(ReportRow.of(line.seq(), line.json())));
        });
    form.endRows();
    results.accept(
        line -> unchecked(() -> form.result(ReportResult.of(line.seq(), line.json(), names))));
    form.end();
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void unchecked(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
