package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A part of a document, and what was said of it.
 *
 * @param where its pages and characters
 * @param answer a text, or any other JSON; missing where it failed
 */
record ReportSource(String where, boolean failed, JsonNode answer, String error) {
  static ReportSource of(JsonNode part) {
    return new ReportSource(
        where(part),
        part.path("status").asText().equals("failed"),
        part.path("answer"),
        part.path("error").path("message").asText(""));
  }

  /** A part of another document, whose answer stands there. */
  static ReportSource of(JsonNode source, Map<Long, String> names) {
    long document = source.path("document").asLong();
    return new ReportSource(
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
