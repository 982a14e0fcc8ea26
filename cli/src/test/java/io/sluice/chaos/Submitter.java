package io.sluice.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that submits one job until it is accepted: with one idempotency key, so that however
 * often it must ask, there is one job.
 */
final class Submitter {
  private final HttpClient http;
  private final URI server;
  private final String key;

  Submitter(HttpClient http, URI server, String key) {
    this.http = http;
    this.server = server;
    this.key = key;
  }

  /** The id of the accepted job. */
  String submit(String prompt, Instant deadline) throws InterruptedException {
    return submit(
        Json.object().put("model", "qwen3:14b").put("kind", "generate").put("prompt", prompt),
        deadline);
  }

  /** The same with all fields of a submission. */
  String submit(JsonNode job, Instant deadline) throws InterruptedException {
    return accepted(job, deadline).path("id").asText();
  }

  /** Submits all, in their order by so many clients at a time; the ids, in the same order. */
  List<String> submitAll(List<? extends JsonNode> jobs, int clients, Instant deadline)
      throws Exception {
    String[] ids = new String[jobs.size()];
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService running = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        all.add(
            running.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < ids.length; n = next.getAndIncrement()) {
                    ids[n] = submit(jobs.get(n), deadline);
                  }
                  return null;
                }));
      }
      for (Future<?> client : all) {
        client.get();
      }
    }
    return List.of(ids);
  }

  /** The job as the answer that accepted it shows it. */
  JsonNode accepted(JsonNode job, Instant deadline) throws InterruptedException {
    HttpRequest request = request(Json.write(job), UUID.randomUUID().toString());
    String last = "nothing was answered";
    while (Instant.now().isBefore(deadline)) {
      try {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 202) {
          return Json.parse(response.body());
        }
        last = response.statusCode() + " " + response.body();
        if (response.statusCode() != 503) {
          throw new AssertionError("a submission was answered " + last);
        }
      } catch (IOException e) {
        last = e.toString();
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
    throw new AssertionError("not accepted by the deadline; last: " + last);
  }

  /** Asks once, whatever the answer. */
  HttpResponse<String> ask(JsonNode job) throws IOException, InterruptedException {
    HttpRequest request = request(Json.write(job), UUID.randomUUID().toString());
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String body, String idempotencyKey) {
    return HttpRequest.newBuilder(server.resolve("/v1/jobs"))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", idempotencyKey)
        .timeout(Duration.ofSeconds(10))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }
}
