package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.bulk.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A pipeline as its tenant sees it.
 *
 * @param ended how it ended, if it has
 */
record PipelineView(
    Pipeline pipeline, Watch.Controls controls, Optional<JsonNode> ended, Counts counts) {

  String status() {
    return ended
        .map(it -> it.path("status").asText())
        .orElse(controls.isCancelled() ? "cancelling" : "in_progress");
  }

  ObjectNode json(Instant now) {
    ObjectNode json =
        Json.object()
            .put("id", pipeline.id().value())
            .put("object", "pipeline")
            .put("task", pipeline.asked().path("task").asText())
            .put("model", pipeline.asked().path("model").asText())
            .put("status", status())
            .put("paused", ended.isEmpty() && controls.isPaused())
            .put("created_at", pipeline.createdAt().toString())
            .put("expires_at", pipeline.expiresAt().toString())
            .put("ended_at", endedAt().map(Instant::toString).orElse(null));
    json.set("split", pipeline.asked().path("split"));
    json.put("max_output_tokens", pipeline.asked().path("max_output_tokens").asInt());
    json.set("counts", counts.json(pipeline.documents()));
    json.set("usage", counts.usage());
    json.put("expected_end", expectedEnd(now).map(Instant::toString).orElse(null));
    json.set("metadata", pipeline.metadata());
    return json;
  }

  private Optional<Instant> endedAt() {
    return ended.map(it -> Instant.ofEpochMilli(it.path("at").asLong()));
  }

  /** As if the rest took as long as what is done, a document for a document. */
  private Optional<Instant> expectedEnd(Instant now) {
    int done = counts.done();
    if (ended.isPresent() || controls.isPaused() || controls.isCancelled() || done == 0) {
      return Optional.empty();
    }
    Duration taken = Duration.between(pipeline.createdAt(), now);
    long left = pipeline.documents() - done;
    return Optional.of(now.plusMillis(Math.max(0, taken.toMillis() * left / done)));
  }
}
