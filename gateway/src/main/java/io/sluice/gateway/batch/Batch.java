package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.auth.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was asked for: all that is fixed when a batch is made.
 *
 * @param scopes that its creator had, for its jobs
 * @param window as the client wrote it
 * @param expiresAt when its window ends
 * @param outputKept how long its files are kept, if not as long as others
 * @param retryOf the batch whose failed lines it runs again
 */
record Batch(
    BatchId id,
    String tenant,
    String principal,
    Set<String> scopes,
    String inputFileId,
    String endpoint,
    String window,
    Instant createdAt,
    Instant expiresAt,
    Map<String, String> metadata,
    Optional<Duration> outputKept,
    Optional<BatchId> retryOf) {

  /** Who its jobs are from. */
  Caller caller() {
    return new Caller(
        tenant,
        principal,
        scopes,
        Optional.empty(),
        Optional.empty(),
        new Caller.Credential.Key(principal));
  }

  ObjectNode json() {
    ObjectNode json =
        Json.object()
            .put("id", id.value())
            .put("tenant", tenant)
            .put("principal", principal)
            .put("input_file_id", inputFileId)
            .put("endpoint", endpoint)
            .put("window", window)
            .put("created_at", createdAt.toEpochMilli())
            .put("expires_at", expiresAt.toEpochMilli());
    ArrayNode all = json.putArray("scopes");
    scopes.stream().sorted().forEach(all::add);
    ObjectNode pairs = json.putObject("metadata");
    metadata.forEach(pairs::put);
    outputKept.ifPresent(it -> json.put("output_kept_s", it.toSeconds()));
    retryOf.ifPresent(it -> json.put("retry_of", it.value()));
    return json;
  }

  static Batch parse(JsonNode json) {
    Set<String> scopes = new HashSet<>();
    json.path("scopes").forEach(one -> scopes.add(one.asText()));
    Map<String, String> metadata = new LinkedHashMap<>();
    json.path("metadata").properties().forEach(it -> metadata.put(it.getKey(), text(it)));
    return new Batch(
        new BatchId(json.path("id").asText()),
        json.path("tenant").asText(),
        json.path("principal").asText(),
        scopes,
        json.path("input_file_id").asText(),
        json.path("endpoint").asText(),
        json.path("window").asText(),
        Instant.ofEpochMilli(json.path("created_at").asLong()),
        Instant.ofEpochMilli(json.path("expires_at").asLong()),
        metadata,
        Optional.ofNullable(json.get("output_kept_s")).map(it -> Duration.ofSeconds(it.asLong())),
        Optional.ofNullable(json.get("retry_of")).map(it -> new BatchId(it.asText())));
  }

  private static String text(Map.Entry<String, JsonNode> pair) {
    return pair.getValue().asText();
  }
}
