package io.sluice.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Sluice;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * `sluice up` as a process, in front of a simulated engine with four slots, with the keys of three
 * tenants: one without limits, one that may ask once a minute, one of whose jobs one may wait.
 */
final class ServedSluice implements AutoCloseable {
  static final String MODEL = "qwen3:14b";
  static final String EMBEDDING_MODEL = "qwen3-embedding:0.6b";
  static final SimConfig ENGINE =
      SimConfig.DEFAULT.models(SimModel.named(MODEL), SimModel.named(EMBEDDING_MODEL));
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final EngineSim engine;
  private final Sluice up;
  private final Path data;
  private String url;
  private String key;

  private ServedSluice(EngineSim engine, Sluice up, Path data) {
    this.engine = engine;
    this.up = up;
    this.data = data;
  }

  /**
   * Starts both; they serve when this returns.
   *
   * @param folder of what they write
   * @param arguments of {@code up}, besides those that it needs
   */
  static ServedSluice start(Path folder, String... arguments) {
    EngineSim engine = EngineSim.start(ENGINE);
    Path data = folder.resolve("data");
    Map<String, String> environment =
        Map.of(
            "SLUICE_ENGINE_URL",
            engine.uri().toString(),
            "SLUICE_MODEL",
            MODEL + "," + EMBEDDING_MODEL,
            "SLUICE_SLOTS",
            "4",
            "SLUICE_PORT",
            "0",
            "SLUICE_DATA",
            data.toString());
    String[] command = new String[arguments.length + 1];
    command[0] = "up";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ServedSluice served =
        new ServedSluice(engine, Sluice.start(folder, environment, command), data);
    boolean serves = false;
    try {
      served.awaitReady();
      serves = true;
      return served;
    } finally {
      if (!serves) {
        served.close();
      }
    }
  }

  private void awaitReady() {
    url = up.awaitLine("sluice ready ");
    try {
      key = Files.readString(data.resolve("api-key")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("the worker has told what its engine says of its models")
        .atMost(Duration.ofSeconds(60))
        .until(() -> get("/api/ps").path("models").size() == ENGINE.models().size());
  }

  EngineSim engine() {
    return engine;
  }

  /** Without a slash at its end. */
  String url() {
    return url;
  }

  /** The key of a tenant without limits of its own. */
  String key() {
    return key;
  }

  /** A new key of a tenant that has one limit. */
  String keyOf(String tenant, String limit, int most) {
    ObjectNode limits = Json.object();
    limits.putObject("limits").put(limit, most);
    send("PUT", "/admin/v1/tenants/" + tenant, limits);
    ObjectNode key = Json.object().put("tenant", tenant);
    key.putArray("scopes")
        .add("ollama:chat")
        .add("ollama:generate")
        .add("ollama:embed")
        .add("batch");
    return send("POST", "/admin/v1/keys", key).path("key").asText();
  }

  /** What it answers to the tenant without limits. */
  JsonNode get(String path) {
    return send("GET", path, Json.MAPPER.missingNode());
  }

  private JsonNode send(String method, String path, JsonNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .timeout(LIMIT)
            .method(
                method,
                body.isMissingNode()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(Json.write(body)))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
      }
      return Json.parse(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    up.close();
    engine.close();
    http.close();
  }
}
