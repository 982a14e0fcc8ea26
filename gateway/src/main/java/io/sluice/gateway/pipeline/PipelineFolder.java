package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.FileStore;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that is known of one pipeline, in files that are only ever made: which of them are
 * there says how far it is. What two gateways make at once is what the first of them made. Blocks.
 */
record PipelineFolder(FileStore files, String tenant, PipelineId id) {
  private static final int CONTROLS_MAX = 10;

  /** The folder of a tenant's pipelines. */
  static String of(String tenant) {
    return "pipelines/" + tenant;
  }

  private String name(String last) {
    return of(tenant) + "/" + id.folder() + "/" + last;
  }

  Optional<Pipeline> pipeline() {
    return json("pipeline.json").map(Pipeline::parse);
  }

  /** Makes it, with its documents first: a pipeline that is there has all of them. */
  void create(Pipeline pipeline, byte[] documents) {
    write("documents", documents);
    create("pipeline.json", pipeline.json());
  }

  /** The documents in their order, a line of JSON each; the caller closes it. */
  BufferedReader documents() {
    InputStream stream =
        files
            .read(name("documents"), 0)
            .orElseThrow(() -> new Unavailable("files", "a list of documents is gone"))
            .stream();
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }

  /** What its tenant asks of it. */
  Controls controls() {
    Set<String> names =
        files.list(name("control"), "", CONTROLS_MAX).stream()
            .map(FileStore.Entry::name)
            .collect(Collectors.toSet());
    return new Controls(names.contains("cancel"), names.contains("pause"));
  }

  void cancel() {
    write("control/cancel", new byte[0]);
  }

  void pause() {
    write("control/pause", new byte[0]);
  }

  void resume() {
    files.delete(name("control/pause"));
  }

  /** The folder of what became of its documents. */
  String journal() {
    return name("journal");
  }

  /** What was found out about a document; empty while nothing was. */
  Optional<JsonNode> about(int document) {
    return json("about/" + document);
  }

  /** The one that counts. */
  JsonNode about(int document, ObjectNode found) {
    create("about/" + document, found);
    return about(document).orElseThrow(() -> new Unavailable("files", "a file is gone"));
  }

  Optional<FileStore.Content> text(int document) {
    return files.read(name("texts/" + document), 0);
  }

  /** The text that counts is the one that was kept first. */
  void text(int document, byte[] text) {
    write("texts/" + document, text);
  }

  /** How it ended; empty before. */
  Optional<JsonNode> ended() {
    return json("ended.json");
  }

  void end(ObjectNode how) {
    create("ended.json", how);
  }

  record Controls(boolean isCancelled, boolean isPaused) {}

  private void create(String last, ObjectNode json) {
    write(last, Json.write(json).getBytes(StandardCharsets.UTF_8));
  }

  private void write(String last, byte[] bytes) {
    try (FileStore.Draft draft = files.create(name(last))) {
      draft.write(bytes, 0, bytes.length);
      draft.commit();
    }
  }

  private Optional<JsonNode> json(String last) {
    return files.read(name(last), 0).map(content -> Json.parse(whole(content)));
  }

  /** All of a file as text. */
  static String whole(FileStore.Content content) {
    try (content) {
      return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Unavailable("files", e.toString(), e);
    }
  }
}
