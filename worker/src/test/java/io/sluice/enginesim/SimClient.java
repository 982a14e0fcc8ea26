package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Talks to a simulated server as a plain HTTP client would. */
final class SimClient implements AutoCloseable {
  private final HttpClient http = HttpClient.newBuilder().build();
  private final EngineSim sim;

  SimClient(EngineSim sim) {
    this.sim = sim;
  }

  static ObjectNode chat(String prompt) {
    ObjectNode body = Json.object().put("model", "qwen3:14b").put("think", false);
    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
    body.putObject("options");
    return body;
  }

  static ObjectNode limited(String prompt, int tokens) {
    ObjectNode body = chat(prompt);
    body.withObjectProperty("options").put("num_predict", tokens);
    return body;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, JsonNode body) throws IOException, InterruptedException {
    return http.send(request(path, body), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> postLater(String path, JsonNode body) {
    return http.sendAsync(request(path, body), HttpResponse.BodyHandlers.ofString());
  }

  /** A stream to be closed by the test; closing it is how a client leaves. */
  InputStream open(String path, JsonNode body) throws IOException, InterruptedException {
    return http.send(request(path, body), HttpResponse.BodyHandlers.ofInputStream()).body();
  }

  static List<JsonNode> lines(HttpResponse<String> response) {
    return response.body().lines().map(Json::parse).toList();
  }

  static String text(HttpResponse<String> response) {
    return lines(response).stream()
        .map(line -> line.path("message").path("content").asText())
        .collect(Collectors.joining());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest request(String path, JsonNode body) {
    return to(path).POST(HttpRequest.BodyPublishers.ofString(Json.write(body))).build();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(sim.uri().resolve(path));
  }
}
