package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.bulk.Checkpoint.Sent;
import io.sluice.cli.bulk.Checkpoint.State;
import io.sluice.cli.client.Undertaking;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lines of a {@link Checkpoint}: what was begun, each document, and what became of it since.
 */
final class CheckpointCodec {
  private static final int FORM = 1;

  private CheckpointCodec() {}

  /**
   * Reads what a command wrote before.
   *
   * @throws IllegalArgumentException if another version wrote it
   */
  static State read(List<String> lines) {
    JsonNode header = Json.parse(lines.isEmpty() ? "" : lines.getFirst());
    if (header.path("form").asInt() != FORM) {
      throw new IllegalArgumentException("of another version");
    }
    List<FoundDocument> documents = new ArrayList<>();
    Map<Integer, Sent> uploaded = new HashMap<>();
    Optional<String> started = Optional.empty();
    for (String line : lines.subList(1, lines.size())) {
      Optional<JsonNode> said = said(line);
      if (said.isEmpty()) {
        continue;
      }
      JsonNode json = said.get();
      if (json.has("path")) {
        documents.add(document(json));
      } else if (json.has("uploaded")) {
        uploaded.put(
            json.path("uploaded").asInt(),
            new Sent(json.path("file").asText(), document(json.path("as"))));
      } else if (json.has("started")) {
        started = Optional.of(json.path("started").asText());
      }
    }
    return new State(
        Undertaking.valueOf(header.path("kind").asText()),
        header.path("server").asText(),
        header.path("run").asText(),
        header.path("request"),
        documents,
        uploaded,
        started);
  }

  /** A line; nothing where it was cut off. */
  private static Optional<JsonNode> said(String line) {
    try {
      return line.isBlank() ? Optional.empty() : Optional.of(Json.parse(line));
    } catch (CodecException e) {
      return Optional.empty();
    }
  }

  static ObjectNode header(State state) {
    ObjectNode header =
        Json.object()
            .put("form", FORM)
            .put("kind", state.kind().name())
            .put("server", state.server())
            .put("run", state.run());
    header.set("request", state.request());
    return header;
  }

  static ObjectNode json(FoundDocument document) {
    return Json.object()
        .put("path", document.path().toString())
        .put("name", document.name())
        .put("bytes", document.bytes())
        .put("modified", document.modified().toString());
  }

  private static FoundDocument document(JsonNode json) {
    return new FoundDocument(
        Path.of(json.path("path").asText()),
        json.path("name").asText(),
        json.path("bytes").asLong(),
        Instant.parse(json.path("modified").asText()));
  }
}
