package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A result as a page shows it.
 *
 * @param value a text, or any other JSON
 * @param parts where it comes from
 */
record ReportResult(
    long number,
    String name,
    String status,
    String extent,
    JsonNode value,
    String error,
    List<ReportSource> parts) {

  /**
   * @param names of documents by their places, as far as they are known
   */
  static ReportResult of(long number, JsonNode line, Map<Long, String> names) {
    JsonNode document = line.path("document");
    List<ReportSource> parts = new ArrayList<>();
    line.path("parts").forEach(part -> parts.add(ReportSource.of(part)));
    line.path("sources").forEach(source -> parts.add(ReportSource.of(source, names)));
    return new ReportResult(
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
