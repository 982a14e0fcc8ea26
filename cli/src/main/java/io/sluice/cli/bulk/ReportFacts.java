package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What stands above the results on a page. */
final class ReportFacts {
  private ReportFacts() {}

  static Map<String, String> of(JsonNode pipeline) {
    Map<String, String> facts = new LinkedHashMap<>();
    JsonNode documents = pipeline.path("counts").path("documents");
    facts.put(
        "Completed",
        Amounts.count(documents.path("completed").asLong())
            + " of "
            + Amounts.of(documents.path("total").asLong(), "document"));
    number(facts, "Incomplete", documents.path("incomplete").asLong());
    number(facts, "Failed", documents.path("failed").asLong());
    number(facts, "Parts", pipeline.path("counts").path("parts").path("total").asLong());
    text(facts, "Model", pipeline.path("model").asText(""));
    JsonNode usage = pipeline.path("usage");
    number(
        facts,
        "Tokens",
        usage.path("prompt_tokens").asLong() + usage.path("completion_tokens").asLong());
    text(facts, "Ended", time(pipeline.path("ended_at").asText("")));
    text(facts, "Pipeline", pipeline.path("id").asText(""));
    return facts;
  }

  /** To the minute, in UTC: whoever reads it may be elsewhere. */
  private static String time(String iso) {
    return iso.matches("....-..-..T..:..:.*Z")
        ? iso.substring(0, 16).replace('T', ' ') + " UTC"
        : "";
  }

  private static void number(Map<String, String> facts, String name, long number) {
    if (number > 0) {
      facts.put(name, Amounts.count(number));
    }
  }

  private static void text(Map<String, String> facts, String name, String text) {
    if (!text.isEmpty()) {
      facts.put(name, text);
    }
  }
}
