package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.FileStore;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.sluice.gateway.bulk.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that is known of one batch, in files that are only ever made: which of them are there
 * says how far it is. What two gateways make at once is what the first of them made. Blocks.
 */
record BatchFolder(FileStore files, String tenant, BatchId id) {
  private static final int CONTROLS_MAX = 10;

  /** The folder of the tenants' folders. */
  static final String ALL = "batches";

  /** The folder of a tenant's batches. */
  static String of(String tenant) {
    return ALL + "/" + tenant;
  }

  private String name(String last) {
    return of(tenant) + "/" + id.folder() + "/" + last;
  }

  Optional<Batch> batch() {
    return json("batch.json").map(Batch::parse);
  }

  /** False if there is one already. */
  boolean create(Batch batch) {
    return create("batch.json", batch.json());
  }

  /** Where its requests are, once they were found good. */
  Optional<LineIndex> index() {
    return bytes("index").map(LineIndex::parse);
  }

  /** The one that counts. */
  LineIndex create(LineIndex found) {
    write("index", found.bytes());
    return index().orElseThrow(() -> new Unavailable("files", "an index is gone"));
  }

  /** When it began to run; empty before. */
  Optional<JsonNode> started() {
    return json("started.json");
  }

  void start(ObjectNode when) {
    create("started.json", when);
  }

  /** The folder of what became of its requests. */
  String journal() {
    return name("journal");
  }

  /** When it began to make its files, and how it is to end; empty before. */
  Optional<JsonNode> finalizing() {
    return json("finalizing.json");
  }

  /** The one that counts. */
  JsonNode finalize(ObjectNode how) {
    create("finalizing.json", how);
    return finalizing().orElseThrow(() -> new Unavailable("files", "a file is gone"));
  }

  /** How it ended; empty before. */
  Optional<Ended> ended() {
    return json("ended.json").map(Ended::parse);
  }

  /** False if somebody else said before how it ended. */
  boolean end(Ended how) {
    return create("ended.json", how.json());
  }

  /** What its tenant asks of it. */
  Watch.Controls controls() {
    Set<String> names =
        files.list(name("control"), "", CONTROLS_MAX).stream()
            .map(FileStore.Entry::name)
            .collect(Collectors.toSet());
    return new Watch.Controls(names.contains("cancel.json"), names.contains("pause"));
  }

  /** When its end was asked for; empty if it was not. */
  Optional<JsonNode> cancelled() {
    return json("control/cancel.json");
  }

  void cancel(ObjectNode when) {
    create("control/cancel.json", when);
  }

  void pause() {
    write("control/pause", new byte[0]);
  }

  void resume() {
    files.delete(name("control/pause"));
  }

  void delete() {
    files.delete(of(tenant) + "/" + id.folder());
  }

  private boolean create(String last, ObjectNode json) {
    return write(last, Json.write(json).getBytes(StandardCharsets.UTF_8));
  }

  private boolean write(String last, byte[] bytes) {
    try (FileStore.Draft draft = files.create(name(last))) {
      draft.write(bytes, 0, bytes.length);
      return draft.commit();
    }
  }

  private Optional<JsonNode> json(String last) {
    return bytes(last).map(it -> Json.parse(new String(it, StandardCharsets.UTF_8)));
  }

  private Optional<byte[]> bytes(String last) {
    return files
        .read(name(last), 0)
        .map(
            content -> {
              try (content) {
                return content.stream().readAllBytes();
              } catch (IOException e) {
                throw new Unavailable("files", e.toString());
              }
            });
  }
}
