package io.sluice.gateway.pipeline.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.List;

/** The forms of answers that tasks have by themselves. */
final class Schemas {
  private Schemas() {}

  /** {@code {"reason":"…","label":"…"}}: the reason first, so that the label follows from it. */
  static ObjectNode label(List<String> labels) {
    ObjectNode schema = object("reason", "string");
    ObjectNode label = schema.withObject("/properties").putObject("label");
    label.put("type", "string");
    labels.forEach(label.putArray("enum")::add);
    schema.withArray("/required").add("label");
    return schema;
  }

  /** {@code {"found":true,"answer":"…"}}. */
  static ObjectNode found() {
    ObjectNode schema = object("found", "boolean");
    schema.withObject("/properties").putObject("answer").put("type", "string");
    schema.withArray("/required").add("answer");
    return schema;
  }

  private static ObjectNode object(String name, String type) {
    ObjectNode schema = Json.object().put("type", "object");
    schema.putObject("properties").putObject(name).put("type", type);
    schema.putArray("required").add(name);
    return schema;
  }
}
