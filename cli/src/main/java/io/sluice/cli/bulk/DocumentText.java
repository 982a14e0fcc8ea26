package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.client.ResultLine;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;

/** A result for a person at a terminal. */
final class DocumentText {
  private DocumentText() {}

  static String ofDocument(ResultLine line) {
    JsonNode result = line.json();
    JsonNode document = result.path("document");
    String name = document.isObject() ? document.path("filename").asText() : "All documents";
    String status = result.path("status").asText("completed");
    String head = status.equals("completed") ? name : name + " (" + status + ")";
    String text =
        status.equals("failed")
            ? result.path("error").path("message").asText("no reason given")
            : value(result.path("result"));
    return Console.harmless(head + "\n" + indented(text));
  }

  static String ofLine(ResultLine line) {
    JsonNode result = line.json();
    JsonNode body = result.path("response").path("body");
    JsonNode said = body.path("choices").path(0);
    String text =
        result.path("error").isObject()
            ? result.path("error").path("message").asText()
            : body.path("error").isObject()
                ? body.path("error").path("message").asText()
                : said.path("message").path("content").asText(said.path("text").asText());
    return Console.harmless(
        result.path("custom_id").asText()
            + "\n"
            + indented(text.isEmpty() ? Json.write(body) : text));
  }

  private static String value(JsonNode result) {
    return result.isTextual() ? result.asText() : result.toPrettyString();
  }

  private static String indented(String text) {
    return text.strip().indent(2);
  }
}
