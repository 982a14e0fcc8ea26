package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Secret;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.tls.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Sluice's HTTP interface as methods. They block. Each fails with an {@link IOException} when no
 * answer came, and with a {@link ServerProblem} when it was another one than asked for.
 */
public final class Api {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofSeconds(45);

  private final URI server;
  private final Credential credential;
  private final HttpClient http;

  public Api(URI server, Optional<Secret> key) {
    this(server, Credential.of(key), ClientTls.DEFAULT);
  }

  /** A server whose certificate, where it has one, is checked as {@code tls} says. */
  public Api(URI server, Credential credential, ClientTls tls) {
    this.server = server;
    this.credential = credential;
    this.http = Connections.of(tls);
  }

  public URI server() {
    return server;
  }

  /** Whether a reader whose credential ended may come back with a newer one. */
  boolean isRenewable() {
    return credential.isRenewable();
  }

  /** Submits a job; the same key never makes two. */
  JsonNode submit(JsonNode job, String idempotencyKey) throws IOException {
    return json(
        request("/v1/jobs", ANSWER)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofString(Json.write(job), StandardCharsets.UTF_8)));
  }

  /** The job as it stands, or as it ended within {@code wait}. */
  public JsonNode job(String id, Duration wait) throws IOException {
    String query = wait.isZero() ? "" : "?wait=" + wait.toSeconds();
    return json(request("/v1/jobs/" + id + query, ANSWER.plus(wait)).GET());
  }

  JsonNode explain(String id) throws IOException {
    return json(request("/v1/jobs/" + id + "/explain", ANSWER).GET());
  }

  JsonNode cancel(String id) throws IOException {
    return json(request("/v1/jobs/" + id, ANSWER).DELETE());
  }

  /** A page of workers, of a hundred. */
  JsonNode workers(String query) throws IOException {
    return json(request("/admin/v1/workers?limit=100" + query, ANSWER).GET());
  }

  JsonNode worker(String id) throws IOException {
    return json(request("/admin/v1/workers/" + id, ANSWER).GET());
  }

  JsonNode drain(String id, Duration within) throws IOException {
    String path = "/admin/v1/workers/" + id + "/drain?within=" + within.toSeconds();
    return json(request(path, ANSWER).POST(BodyPublishers.noBody()));
  }

  JsonNode resume(String id) throws IOException {
    return json(
        request("/admin/v1/workers/" + id + "/resume", ANSWER).POST(BodyPublishers.noBody()));
  }

  /** The job's events after one; empty when the reader has seen the last. */
  Optional<InputStream> events(String id, String lastEventId) throws IOException {
    HttpRequest.Builder request =
        request("/v1/jobs/" + id + "/events", ANSWER).header("Accept", "text/event-stream").GET();
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
    if (response.statusCode() == 204) {
      response.body().close();
      return Optional.empty();
    }
    return Optional.of(watched(response));
  }

  /** What a request is answered; another status than a good one is a {@link ServerProblem}. */
  JsonNode json(HttpRequest.Builder request) throws IOException {
    HttpResponse<String> response = send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (response.statusCode() / 100 != 2) {
      throw ServerProblem.of(response.statusCode(), response.headers(), response.body());
    }
    try {
      return Json.parse(response.body());
    } catch (CodecException e) {
      throw new Refusal(Exit.UNAVAILABLE, "what answers at " + server + " is not Sluice");
    }
  }

  /** A stream that is answered, closed when nothing arrives for too long. */
  InputStream stream(HttpRequest.Builder request) throws IOException {
    return watched(send(request, BodyHandlers.ofInputStream()));
  }

  private static InputStream watched(HttpResponse<InputStream> response) throws IOException {
    if (response.statusCode() != 200) {
      try (InputStream body = response.body()) {
        throw ServerProblem.of(response.statusCode(), response.headers(), text(body));
      }
    }
    return new IdleStream(response.body(), IDLE).watched();
  }

  /**
   * @param timeout for all of the request and the beginning of its answer
   */
  HttpRequest.Builder request(String path, Duration timeout) {
    return HttpRequest.newBuilder(URI.create(server + path)).timeout(timeout);
  }

  /** Sends it, and once more where the credential was refused and could be renewed. */
  private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws IOException {
    Optional<Secret> shown = credential.current();
    HttpResponse<T> answer = send(request, shown, body);
    if (answer.statusCode() == 401 && shown.isPresent() && credential.renewed(shown.get())) {
      if (answer.body() instanceof InputStream unread) {
        unread.close();
      }
      return send(request, credential.current(), body);
    }
    return answer;
  }

  private <T> HttpResponse<T> send(
      HttpRequest.Builder request, Optional<Secret> shown, HttpResponse.BodyHandler<T> body)
      throws IOException {
    shown.ifPresent(secret -> request.setHeader("Authorization", "Bearer " + secret.value()));
    try {
      return http.send(request.build(), body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String text(InputStream body) throws IOException {
    return new String(body.readNBytes(64 * 1024), StandardCharsets.UTF_8);
  }
}
