package io.sluice.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Position;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A client that reads one job's stream to its end, reconnecting with the last id it saw whatever
 * happens to the connection, and writes down everything that breaks a promise.
 */
final class JobReader {
  private static final Duration PAUSE = Duration.ofMillis(150);

  private final HttpClient http;
  private final Supplier<URI> server;
  private final String key;
  private final String id;
  private final StringBuilder text = new StringBuilder();
  private final List<String> broken = new CopyOnWriteArrayList<>();
  private final Map<Integer, AtomicInteger> statuses = new ConcurrentSkipListMap<>();
  private Position last = Position.START;
  private int resets;
  private int ends;
  private Optional<JsonNode> end = Optional.empty();

  JobReader(HttpClient http, Supplier<URI> server, String key, String id) {
    this.http = http;
    this.server = server;
    this.key = key;
    this.id = id;
  }

  /** Reads until the end event or the deadline; afterwards the results may be asked for. */
  void readToTheEnd(Instant deadline) {
    while (ends == 0 && Instant.now().isBefore(deadline)) {
      try {
        connectOnce();
      } catch (IOException e) {
        // The gateway was killed or is not back yet: what a reader lives with.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (ends == 0) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    if (ends == 0) {
      broken.add(id + " had no end event by the deadline");
    }
  }

  private void connectOnce() throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.get().resolve("/v1/jobs/" + id + "/events"))
            .header("Authorization", "Bearer " + key)
            .header("Accept", "text/event-stream")
            .timeout(Duration.ofSeconds(20));
    if (!last.equals(Position.START)) {
      request.header("Last-Event-ID", last.toString());
    }
    HttpResponse<InputStream> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    count(response.statusCode());
    try (InputStream body = response.body()) {
      if (response.statusCode() == 200) {
        SseLines.read(body, this::onEvent);
      }
    }
  }

  private void count(int status) {
    statuses.computeIfAbsent(status, s -> new AtomicInteger()).incrementAndGet();
    if (status == 404) {
      broken.add(id + " was answered 404 after it had been accepted");
    }
  }

  private void onEvent(SseLines.Event event) {
    if (event.name().equals("queue")) {
      return;
    }
    Position position =
        event.id().flatMap(Position::parse).orElseGet(() -> fail(event + " has no id"));
    if (position.compareTo(last) <= 0) {
      broken.add(id + ": " + position + " came after " + last);
    }
    boolean newFence = last.fence() != 0 && position.fence() != last.fence();
    last = position;
    switch (event.name()) {
      case "start" -> {
        if (newFence) {
          broken.add(id + ": a start, and no reset, after another attempt");
        }
      }
      case "reset" -> {
        resets++;
        text.setLength(0);
      }
      case "token" -> text.append(Json.parse(event.data()).path("text").asText());
      case "end" -> {
        ends++;
        end = Optional.of(Json.parse(event.data()));
      }
      default -> broken.add(id + ": unknown event " + event.name());
    }
  }

  private Position fail(String what) {
    broken.add(id + ": " + what);
    return last;
  }

  /** Compares what was read with the finished job, as the last check of every reader. */
  List<String> verdict() {
    end.ifPresent(
        job -> {
          String result = job.at("/output/text").asText();
          boolean whole = job.path("state").asText().equals("completed");
          if (whole && !result.contentEquals(text)) {
            broken.add(
                id + ": read " + text.length() + " characters, the result has " + result.length());
          }
        });
    return broken;
  }

  /** The job as it stands now, asked for until it is answered. */
  JsonNode job(Instant deadline) throws InterruptedException {
    while (Instant.now().isBefore(deadline)) {
      try {
        HttpResponse<byte[]> response =
            http.send(
                HttpRequest.newBuilder(server.get().resolve("/v1/jobs/" + id))
                    .header("Authorization", "Bearer " + key)
                    .timeout(Duration.ofSeconds(10))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        count(response.statusCode());
        if (response.statusCode() == 200) {
          return Json.parse(new String(response.body(), StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        // Not back yet.
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new AssertionError(id + " could not be read by the deadline; statuses " + statuses);
  }

  String id() {
    return id;
  }

  int ends() {
    return ends;
  }

  int resets() {
    return resets;
  }

  Optional<JsonNode> end() {
    return end;
  }

  int seen(int status) {
    return Optional.ofNullable(statuses.get(status)).map(AtomicInteger::get).orElse(0);
  }

  Position lastPosition() {
    return last;
  }
}
