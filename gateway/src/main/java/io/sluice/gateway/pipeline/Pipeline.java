package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.pipeline.task.Wish;
import io.sluice.gateway.pipeline.task.WishReader;
import io.sluice.gateway.submit.Faults;
import io.sluice.gateway.submit.Fields;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A pipeline as it was asked for; it never changes.
 *
 * @param scopes that its creator had; its jobs have them
 * @param asked the fields of its {@link Wish}, with what was left out filled in
 * @param documents how many it has
 * @param metadata the client's own, an object
 */
record Pipeline(
    PipelineId id,
    String tenant,
    String principal,
    Set<String> scopes,
    Instant createdAt,
    Instant expiresAt,
    ObjectNode asked,
    int documents,
    ObjectNode metadata) {

  Pipeline {
    scopes = Set.copyOf(scopes);
  }

  Wish wish() {
    Faults faults = new Faults();
    Optional<Wish> wish = WishReader.read(new Fields(asked, "", faults));
    if (wish.isEmpty() || faults.any()) {
      throw new IllegalStateException(
          id + " was kept with a wish that is none: " + faults.problem());
    }
    return wish.get();
  }

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
            .put("created_at", createdAt.toEpochMilli())
            .put("expires_at", expiresAt.toEpochMilli())
            .put("documents", documents);
    scopes.stream().sorted().forEach(json.putArray("scopes")::add);
    json.set("asked", asked);
    json.set("metadata", metadata);
    return json;
  }

  static Pipeline parse(JsonNode json) {
    Set<String> scopes = new TreeSet<>();
    json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    return new Pipeline(
        new PipelineId(json.path("id").asText()),
        json.path("tenant").asText(),
        json.path("principal").asText(),
        scopes,
        Instant.ofEpochMilli(json.path("created_at").asLong()),
        Instant.ofEpochMilli(json.path("expires_at").asLong()),
        (ObjectNode) json.path("asked"),
        json.path("documents").asInt(),
        (ObjectNode) json.path("metadata"));
  }
}
