package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.ResultReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A page of the results of a pipeline: an overview, and each document with where it comes from. */
final class Report {
  /** How a page is written. */
  interface Form {
    /** What stands above all. */
    void begin(JsonNode pipeline) throws IOException;

    /** A line of the overview. */
    void row(Row row) throws IOException;

    void endRows() throws IOException;

    /** All of a result. */
    void result(Result result) throws IOException;

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
          Result.named(line.json(), names);
          unchecked(() -> form.row(Row.of(line.seq(), line.json())));
        });
    form.endRows();
    results.accept(line -> unchecked(() -> form.result(Result.of(line.seq(), line.json(), names))));
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

  /**
   * A result in a line.
   *
   * @param number its place among the results
   * @param gist the beginning of what it says
   */
  record Row(long number, String name, String status, String extent, String gist) {
    private static final int GIST_MAX = 160;

    static Row of(long number, JsonNode line) {
      Result result = Result.of(number, line, Map.of());
      String flat = result.isFailed() ? result.error() : flat(line.path("result"));
      return new Row(number, result.name(), result.status(), result.extent(), cut(flat));
    }

    private static String flat(JsonNode result) {
      if (!result.isObject()) {
        return result.isTextual() ? result.asText() : result.toString();
      }
      List<String> fields = new ArrayList<>();
      result
          .properties()
          .forEach(field -> fields.add(field.getKey() + ": " + flat(field.getValue())));
      return String.join("; ", fields);
    }

    private static String cut(String text) {
      String line = text.strip().replaceAll("\\s+", " ");
      return line.codePointCount(0, line.length()) <= GIST_MAX
          ? line
          : line.substring(0, line.offsetByCodePoints(0, GIST_MAX - 1)).strip() + "…";
    }
  }

  /**
   * A result as a page shows it.
   *
   * @param value a text, or any other JSON
   * @param parts where it comes from
   */
  record Result(
      long number,
      String name,
      String status,
      String extent,
      JsonNode value,
      String error,
      List<Source> parts) {

    /**
     * @param names of documents by their places, as far as they are known
     */
    static Result of(long number, JsonNode line, Map<Long, String> names) {
      JsonNode document = line.path("document");
      List<Source> parts = new ArrayList<>();
      line.path("parts").forEach(part -> parts.add(Source.of(part)));
      line.path("sources").forEach(source -> parts.add(Source.of(source, names)));
      return new Result(
          number,
          document.isObject() ? name(document) : "All documents together",
          line.path("status").asText("completed"),
          extent(document),
          line.path("result"),
          line.path("error").path("message").asText(""),
          parts);
    }

    /** Keeps the name of the document of a line. */
    static void named(JsonNode line, Map<Long, String> names) {
      JsonNode document = line.path("document");
      if (document.isObject()) {
        names.put(document.path("index").asLong(), name(document));
      }
    }

    private static String name(JsonNode document) {
      String name = document.path("filename").asText("");
      return name.isEmpty() || document.path("filename").isNull()
          ? "Document " + (document.path("index").asLong() + 1)
          : name;
    }

    boolean isFailed() {
      return status.equals("failed");
    }

    private static String extent(JsonNode document) {
      List<String> said = new ArrayList<>();
      if (document.path("pages").asLong() > 0) {
        said.add(Amounts.of(document.path("pages").asLong(), "page"));
      }
      if (document.path("characters").asLong() > 0) {
        said.add(Amounts.of(document.path("characters").asLong(), "character"));
      }
      return String.join(", ", said);
    }
  }

  /**
   * A part of a document, and what was said of it.
   *
   * @param where its pages and characters
   * @param answer a text, or any other JSON; missing where it failed
   */
  record Source(String where, boolean failed, JsonNode answer, String error) {
    static Source of(JsonNode part) {
      return new Source(
          where(part),
          part.path("status").asText().equals("failed"),
          part.path("answer"),
          part.path("error").path("message").asText(""));
    }

    /** A part of another document, whose answer stands there. */
    static Source of(JsonNode source, Map<Long, String> names) {
      long document = source.path("document").asLong();
      return new Source(
          names.getOrDefault(document, "Document " + (document + 1))
              + " · part "
              + (source.path("part").asLong() + 1),
          false,
          MissingNode.getInstance(),
          "");
    }

    private static String where(JsonNode part) {
      List<String> said = new ArrayList<>();
      said.add("Part " + (part.path("index").asLong() + 1));
      long from = part.path("page_from").asLong();
      long to = part.path("page_to").asLong();
      if (from > 0) {
        said.add(from == to ? "page " + from : "pages " + from + " to " + to);
      }
      said.add(
          "characters "
              + Amounts.count(part.path("start").asLong())
              + " to "
              + Amounts.count(part.path("end").asLong()));
      return String.join(" · ", said);
    }
  }
}
