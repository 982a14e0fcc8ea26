package io.sluice.worker.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a model server is; it may live under a path.
 *
 * @param key shown as a bearer token with every request, where the server wants one
 */
public record Endpoint(URI base, Optional<String> key) {
  public Endpoint(URI base) {
    this(base, Optional.empty());
  }

  public HttpRequest.Builder get(String path) {
    return to(path).header("Accept", "application/json");
  }

  public HttpRequest.Builder post(String path, JsonNode body) {
    return to(path)
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofByteArray(
                Json.write(body).getBytes(StandardCharsets.UTF_8)));
  }

  private HttpRequest.Builder to(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(at(path));
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return base.toString();
  }

  private URI at(String path) {
    String root = base.toString();
    return URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path);
  }
}
