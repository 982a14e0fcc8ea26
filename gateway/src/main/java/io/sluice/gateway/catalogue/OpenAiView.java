package io.sluice.gateway.catalogue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.List;

/** Models in OpenAI's words. */
final class OpenAiView {
  private OpenAiView() {}

  /** {@code /v1/models}. */
  static ObjectNode list(List<Entry> all) {
    ObjectNode json = Json.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    all.forEach(entry -> data.add(one(entry)));
    return json;
  }

  /** {@code /v1/models/{id}}. */
  static ObjectNode one(Entry entry) {
    return Json.object()
        .put("id", entry.name())
        .put("object", "model")
        .put("created", entry.modifiedAt().getEpochSecond())
        .put("owned_by", "sluice");
  }
}
