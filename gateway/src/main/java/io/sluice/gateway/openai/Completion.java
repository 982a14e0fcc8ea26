package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.codec.Json;
import java.time.Instant;

/** What every answer says of itself, whole or in chunks; nothing of the prompt is kept. */
record Completion(JobId job, Instant createdAt, AnswerForm form) {
  static Completion of(Job job, AnswerForm form) {
    return new Completion(job.id(), job.createdAt(), form);
  }

  /** An answer, or a chunk of one, without its choices. */
  ObjectNode head(String idPrefix, String object) {
    ObjectNode json =
        Json.object()
            .put("id", idPrefix + job.value())
            .put("object", object)
            .put("created", createdAt.getEpochSecond())
            .put("model", form.model());
    form.tier().ifPresent(tier -> json.put("service_tier", tier));
    return json.putNull("system_fingerprint");
  }
}
