package io.sluice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Measures the time from a request to the first piece of its answer, through several doors in turn,
 * so that whatever else the machine does meets all of them alike. Runs from its source: it needs
 * nothing but the JDK.
 */
public final class FirstToken {
  private static final int WARM_UP = 30;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern SAID =
      Pattern.compile("\"(content|response|text)\"\\s*:\\s*\"[^\"]");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String model;

  private FirstToken(String model) {
    this.model = model;
  }

  /** One way in: what it is called, and how a question is asked there. */
  private record Door(String name, String url, String path, String key) {}

  /**
   * @param arguments rounds, model, address of the engine, address of Sluice, key
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = Integer.parseInt(arguments[0]);
    String engine = arguments[2];
    String sluice = arguments[3];
    String key = arguments[4];
    List<Door> doors =
        List.of(
            new Door("engine alone, /api/chat", engine, "/api/chat", ""),
            new Door("Sluice, /api/chat", sluice, "/api/chat", key),
            new Door("Sluice, /v1/chat/completions", sluice, "/v1/chat/completions", key),
            new Door("Sluice, /v1/jobs and its events", sluice, "/v1/jobs", key));
    new FirstToken(arguments[1]).measure(doors, rounds);
  }

  private void measure(List<Door> doors, int rounds) throws IOException, InterruptedException {
    Map<Door, double[]> millis = new LinkedHashMap<>();
    doors.forEach(door -> millis.put(door, new double[rounds]));
    for (int round = -WARM_UP; round < rounds; round++) {
      for (Door door : doors) {
        double taken = firstMillis(door, "round " + round + " of " + door.name());
        if (round >= 0) {
          millis.get(door)[round] = taken;
        }
      }
    }
    millis.values().forEach(Arrays::sort);
    print(millis);
  }

  private static void print(Map<Door, double[]> millis) {
    double[] anchor = millis.values().iterator().next();
    System.out.printf(
        Locale.ROOT,
        "%-34s %8s %8s %8s %8s%n",
        "ms to the first token",
        "p50",
        "p90",
        "p99",
        "added");
    millis.forEach(
        (door, sorted) ->
            System.out.printf(
                Locale.ROOT,
                "%-34s %8.1f %8.1f %8.1f %8.1f%n",
                door.name(),
                at(sorted, 50),
                at(sorted, 90),
                at(sorted, 99),
                at(sorted, 50) - at(anchor, 50)));
  }

  private static double at(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private double firstMillis(Door door, String question) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    HttpResponse<java.io.InputStream> answer =
        door.path().equals("/v1/jobs") ? events(door, question) : post(door, question);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      List<String> before = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (SAID.matcher(line).find()) {
          double taken = (System.nanoTime() - begun) / 1e6;
          // To its end, so that the connection is used again and the slot is free.
          lines.lines().forEach(rest -> {});
          return taken;
        }
        before.add(line);
      }
      throw new IOException(door.name() + ": " + answer.statusCode() + " " + before);
    }
  }

  private HttpResponse<java.io.InputStream> post(Door door, String question)
      throws IOException, InterruptedException {
    return http.send(
        request(door, door.path())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body(door, question)))
            .build(),
        BodyHandlers.ofInputStream());
  }

  private HttpResponse<java.io.InputStream> events(Door door, String question)
      throws IOException, InterruptedException {
    HttpResponse<java.io.InputStream> accepted = post(door, question);
    accepted.body().readAllBytes();
    String job = accepted.headers().firstValue("Location").orElseThrow();
    return http.send(
        request(door, URI.create(job).getPath() + "/events").build(), BodyHandlers.ofInputStream());
  }

  private String body(Door door, String question) {
    String quiet =
        door.path().startsWith("/v1/chat") ? "\"reasoning_effort\":\"none\"" : "\"think\":false";
    String stream = door.path().equals("/v1/jobs") ? "" : ",\"stream\":true";
    return "{\"model\":\"%s\",%s%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, quiet, stream, question);
  }

  private static HttpRequest.Builder request(Door door, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(door.url() + path)).timeout(LIMIT);
    return door.key().isEmpty()
        ? request
        : request.header("Authorization", "Bearer " + door.key().strip());
  }
}
