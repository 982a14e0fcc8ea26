package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.gateway.submit.Fields;
import java.util.List;
import java.util.Optional;

/** The form that an answer must have: any text, any JSON object, or what a schema allows. */
final class ResponseFormat {
  private ResponseFormat() {}

  /** The {@code format} of the job; none for text. A schema is held to, strict or not. */
  static Optional<JsonNode> of(Asked asked) {
    Optional<Fields> format = asked.fields().object("response_format");
    if (format.isEmpty()) {
      return Optional.empty();
    }
    format.get().check(format.get().has("type"), "type", "It is missing.");
    return format
        .get()
        .oneOf("type", List.of("text", "json_object", "json_schema"))
        .flatMap(
            type ->
                switch (type) {
                  case "json_object" -> Optional.of(TextNode.valueOf("json"));
                  case "json_schema" -> schema(format.get());
                  default -> Optional.<JsonNode>empty();
                });
  }

  private static Optional<JsonNode> schema(Fields format) {
    if (!format.check(format.has("json_schema"), "json_schema", "It is missing.")) {
      return Optional.empty();
    }
    return format
        .object("json_schema")
        .filter(it -> it.check(it.has("schema"), "schema", "It is missing."))
        .flatMap(it -> it.object("schema"))
        .map(Fields::json);
  }
}
