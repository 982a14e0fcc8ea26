package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.bulk.Tallies;
import java.time.Instant;
import java.util.Optional;

/**
 * A batch as OpenAI shows it, with {@code paused} and {@code retry_of} besides.
 *
 * @param started when it was found good, and how many requests it has
 */
record BatchView(
    Batch batch,
    Optional<JsonNode> started,
    Optional<JsonNode> finalizing,
    Optional<JsonNode> cancelled,
    Optional<Ended> ended,
    Counts counts,
    boolean paused) {

  /** As it stands; empty if there is none. Blocks. */
  static Optional<BatchView> of(BatchFolder folder, Tallies<Counts> tallies) {
    return folder.batch().map(batch -> of(batch, folder, tallies));
  }

  private static BatchView of(Batch batch, BatchFolder folder, Tallies<Counts> tallies) {
    Optional<Ended> ended = folder.ended();
    return new BatchView(
        batch,
        folder.started(),
        folder.finalizing(),
        folder.cancelled(),
        ended,
        ended.map(Ended::counts).orElseGet(() -> tallies.of(folder.journal())),
        ended.isEmpty() && folder.controls().isPaused());
  }

  BatchStatus status() {
    if (ended.isPresent()) {
      return ended.get().status();
    }
    if (finalizing.isPresent() && !isBeingCancelled()) {
      return BatchStatus.FINALIZING;
    }
    if (cancelled.isPresent()) {
      return BatchStatus.CANCELLING;
    }
    return started.isPresent() ? BatchStatus.IN_PROGRESS : BatchStatus.VALIDATING;
  }

  private boolean isBeingCancelled() {
    return finalizing
        .filter(it -> it.path("status").asText().equals(BatchStatus.CANCELLED.wireName()))
        .isPresent();
  }

  ObjectNode json() {
    BatchStatus status = status();
    ObjectNode json =
        Json.object()
            .put("id", batch.id().value())
            .put("object", "batch")
            .put("endpoint", batch.endpoint())
            .put("model", started.map(BatchView::model).orElse(null));
    json.set("errors", ended.flatMap(Ended::errors).orElse(null));
    json.put("input_file_id", batch.inputFileId())
        .put("completion_window", batch.window())
        .put("status", status.wireName())
        .put("output_file_id", ended.flatMap(Ended::outputFile).orElse(null))
        .put("error_file_id", ended.flatMap(Ended::errorFile).orElse(null))
        .put("created_at", batch.createdAt().getEpochSecond());
    time(json, "in_progress_at", started.map(BatchView::at));
    time(json, "expires_at", Optional.of(batch.expiresAt()));
    time(json, "finalizing_at", finalizing.map(BatchView::at));
    time(json, "completed_at", endedAt(BatchStatus.COMPLETED));
    time(json, "failed_at", endedAt(BatchStatus.FAILED));
    time(json, "expired_at", endedAt(BatchStatus.EXPIRED));
    boolean wasCancelled = status == BatchStatus.CANCELLING || status == BatchStatus.CANCELLED;
    time(json, "cancelling_at", cancelled.filter(it -> wasCancelled).map(BatchView::at));
    time(json, "cancelled_at", endedAt(BatchStatus.CANCELLED));
    json.putObject("request_counts")
        .put("total", started.map(it -> it.path("total").asInt()).orElse(0))
        .put("completed", counts.completed())
        .put("failed", counts.failed());
    json.set("usage", counts.usage().json());
    json.set("metadata", metadata());
    return json.put("paused", paused)
        .put("retry_of", batch.retryOf().map(BatchId::value).orElse(null));
  }

  private JsonNode metadata() {
    if (batch.metadata().isEmpty()) {
      return Json.MAPPER.nullNode();
    }
    ObjectNode pairs = Json.object();
    batch.metadata().forEach(pairs::put);
    return pairs;
  }

  private Optional<Instant> endedAt(BatchStatus status) {
    return ended.filter(it -> it.status() == status).map(Ended::at);
  }

  private static Instant at(JsonNode when) {
    return Instant.ofEpochMilli(when.path("at").asLong());
  }

  /** None where lines name several. */
  private static String model(JsonNode started) {
    String name = started.path("model").asText();
    return name.isEmpty() ? null : name;
  }

  private static void time(ObjectNode json, String name, Optional<Instant> at) {
    json.put(name, at.map(Instant::getEpochSecond).orElse(null));
  }
}
