package io.sluice.gateway.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobRecord;
import io.sluice.codec.Json;
import io.sluice.gateway.JobView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * What is told. The same for every try of one event, its name included, so that a receiver knows
 * what it has seen.
 *
 * @param id without a dot
 */
record Message(String id, byte[] body) {
  /** What is larger is told without what was generated. */
  static final int BYTES_MAX = 256 * 1024;

  private static final int JOB_PREFIX = "job_".length();

  /** The end of a job. */
  static Message of(JobRecord record) {
    Instant end = record.endedAt().orElse(record.job().createdAt());
    String job = record.id().value().substring(JOB_PREFIX);
    String id = "evt_" + job + "_" + Long.toString(end.toEpochMilli(), Character.MAX_RADIX);
    ObjectNode view = JobView.of(record);
    // It changes with every try, and is known to who receives this.
    view.remove("webhook");
    byte[] whole = body(record, end, view);
    return new Message(id, whole.length <= BYTES_MAX ? whole : body(record, end, small(view)));
  }

  private static byte[] body(JobRecord record, Instant end, ObjectNode data) {
    return event("job." + record.state().wireName(), end, data);
  }

  static byte[] event(String type, Instant at, ObjectNode data) {
    ObjectNode json = Json.object().put("type", type).put("timestamp", at.toString());
    json.set("data", data);
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }

  /** A job without what may be large: whoever gets it asks for the rest. */
  private static ObjectNode small(ObjectNode view) {
    ObjectNode small = view.deepCopy();
    small.retain(List.of("id", "object", "state", "metadata"));
    return small.put("truncated", true);
  }
}
