package io.sluice.worker.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;

/** Where Ollama is; it may live under a path. */
record Endpoint(URI base) {
  HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(at(path)).header("Accept", "application/json");
  }

  HttpRequest.Builder post(String path, JsonNode body) {
    return HttpRequest.newBuilder(at(path))
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofByteArray(
                Json.write(body).getBytes(StandardCharsets.UTF_8)));
  }

  private URI at(String path) {
    String root = base.toString();
    return URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path);
  }
}
