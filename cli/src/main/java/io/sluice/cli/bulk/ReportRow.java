package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A result in a line.
 *
 * @param number its place among the results
 * @param gist the beginning of what it says
 */
record ReportRow(long number, String name, String status, String extent, String gist) {
  private static final int GIST_MAX = 160;

  static ReportRow of(long number, JsonNode line) {
    ReportResult result = ReportResult.of(number, line, Map.of());
    String flat = result.isFailed() ? result.error() : flat(line.path("result"));
    return new ReportRow(number, result.name(), result.status(), result.extent(), cut(flat));
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
