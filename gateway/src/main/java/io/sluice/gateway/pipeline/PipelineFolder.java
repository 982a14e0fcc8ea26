package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.FileStore;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.sluice.gateway.bulk.Watch;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
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

  /** The folder of all tenants' folders. */
  static final String ALL = "pipelines";

  /** The folder of a tenant's pipelines. */
  static String of(String tenant) {
    return ALL + "/" + tenant;
  }

  private String name(String last) {
    return of(tenant) + "/" + id.folder() + "/" + last;
  }

  Optional<Pipeline> pipeline() {
    return json("pipeline.json").map(Pipeline::parse);
  }

  /** Makes it, with its documents first: a pipeline that is there has all of them. */
  void create(Pipeline pipeline, byte[] documents) {
    write(name("documents"), documents);
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
  Watch.Controls controls() {
    Set<String> names =
        files.list(name("control"), "", CONTROLS_MAX).stream()
            .map(FileStore.Entry::name)
            .collect(Collectors.toSet());
    return new Watch.Controls(names.contains("cancel"), names.contains("pause"));
  }

  void cancel() {
    write(name("control/cancel"), new byte[0]);
  }

  void pause() {
    write(name("control/pause"), new byte[0]);
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
    return files
        .read(text(document), 0)
        .map(content -> Json.parse(new String(line(content), StandardCharsets.UTF_8)));
  }

  /**
   * The text of a document; empty while there is none, or where there is none to be had.
   *
   * @param about what was found out about it
   */
  Optional<String> text(int document, JsonNode about) {
    if (about.has("code")) {
      return Optional.empty();
    }
    return files
        .read(text(document), 0)
        .map(
            content -> {
              String file = whole(content);
              return file.substring(file.indexOf('\n') + 1);
            });
  }

  /**
   * Keeps what was found out about a document and its text, in one file: what is said of places in
   * the text is true of this text, whoever kept it.
   *
   * @return what was kept first
   */
  JsonNode keep(int document, ObjectNode about, String text) {
    write(text(document), (Json.write(about) + "\n" + text).getBytes(StandardCharsets.UTF_8));
    return about(document).orElseThrow(() -> new Unavailable("files", "a file is gone"));
  }

  private String text(int document) {
    return name("texts/" + document);
  }

  private static byte[] line(FileStore.Content content) {
    try (content) {
      BufferedInputStream bytes = new BufferedInputStream(content.stream());
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = bytes.read(); b >= 0 && b != '\n'; b = bytes.read()) {
        line.write(b);
      }
      return line.toByteArray();
    } catch (IOException e) {
      throw new Unavailable("files", e.toString(), e);
    }
  }

  /** How it ended; empty before. */
  Optional<JsonNode> ended() {
    return json("ended.json");
  }

  void end(ObjectNode how) {
    create("ended.json", how);
  }

  void delete() {
    files.delete(of(tenant) + "/" + id.folder());
  }

  private void create(String last, ObjectNode json) {
    write(name(last), Json.write(json).getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] bytes) {
    try (FileStore.Draft draft = files.create(name)) {
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
