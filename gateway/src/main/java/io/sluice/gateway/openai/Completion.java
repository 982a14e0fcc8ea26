package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.codec.Json;

/** What every answer says of itself, whole or in chunks. */
record Completion(Job job, AnswerForm form) {
  /** An answer, or a chunk of one, without its choices. */
  ObjectNode head(String idPrefix, String object) {
    ObjectNode json =
        Json.object()
            .put("id", idPrefix + job.id().value())
            .put("object", object)
            .put("created", job.createdAt().getEpochSecond())
            .put("model", form.model());
    form.tier().ifPresent(tier -> json.put("service_tier", tier));
    return json.putNull("system_fingerprint");
  }
}
