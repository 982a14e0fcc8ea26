package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FileStore;
import io.sluice.codec.Json;
import io.sluice.folder.DiskFileStore;
import io.sluice.gateway.files.Files;
import io.sluice.gateway.files.Purpose;
import io.sluice.gateway.files.StoredFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A batch through the whole system, while everything that it needs is killed in turn: every line
 * has one answer, in one output file, and none ran to its end twice.
 */
class BatchKillsIT {
  private static final int LINES = 240;

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(5));
  private Cluster cluster;
  private URI other;

  @Test
  void every_line_is_answered_once_whatever_is_killed() throws Exception {
    Map<String, String> shared = Map.of("SLUICE_FILES", folder.resolve("files").toString());
    List<Cluster.Node> nodes =
        Collections.nCopies(
            2, new Cluster.Node(Cluster.MODEL, Cluster.simulated(Duration.ofMillis(15))));
    try (Cluster started = new Cluster(folder, nodes, shared);
        SluiceProcess second = second(started, shared)) {
      cluster = started;
      String id = create(upload());

      // Whichever of them drives it: the other one, or the first to be back, goes on.
      awaitAnswered(id, 20);
      cluster.gateway.kill9();
      second.kill9();
      cluster.gateway.start();
      second.start();
      cluster.awaitReady();

      awaitAnswered(id, 60);
      cluster.workers.getFirst().kill9();
      cluster.workers.getFirst().start();
      awaitAnswered(id, 90);
      cluster.redis.kill9();
      cluster.redis.restart();
      awaitAnswered(id, 120);
      cluster.rabbit.kill9();
      cluster.rabbit.restart();
      awaitAnswered(id, 160);
      cluster.gateway.kill9();

      JsonNode batch = awaitEnd(other, id);
      cluster.gateway.start();
      cluster.awaitReady();
      assertWhole(batch);
      assertThat(Json.parse(get(cluster.url, "/v1/batches/" + id)))
          .as("the same at the gateway that was away at its end")
          .isEqualTo(batch);
    }
  }

  private SluiceProcess second(Cluster first, Map<String, String> shared) throws IOException {
    Map<String, String> settings = new HashMap<>(shared);
    settings.put("SLUICE_AMQP_URL", first.rabbit.uri().toString());
    settings.put("SLUICE_REDIS_URL", first.redis.uri().toString());
    settings.put("SLUICE_MODEL", Cluster.MODEL);
    int port = Cluster.freePort();
    other = URI.create("http://127.0.0.1:" + port);
    return SluiceProcess.start("second", folder, settings, "gateway", "--port", "" + port);
  }

  private void assertWhole(JsonNode batch) throws Exception {
    assertThat(batch.path("status").asText()).as(batch.toString()).isEqualTo("completed");
    assertThat(batch.at("/request_counts/completed").asInt()).as(batch.toString()).isEqualTo(LINES);
    assertThat(batch.get("error_file_id").isNull()).isTrue();
    String output = content(batch.path("output_file_id").asText());
    List<JsonNode> lines = output.lines().map(Json::parse).toList();
    List<String> expected = IntStream.range(0, LINES).mapToObj(n -> "line-" + n).toList();
    assertThat(lines)
        .extracting(it -> it.path("custom_id").asText())
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(lines)
        .allMatch(it -> !it.at("/response/body/choices/0/message/content").asText().isEmpty());
    assertThat(completedTwice()).as("lines of which two jobs completed").isEmpty();
    assertThat(folder.resolve("files/files/default/facts").toFile().list())
        .as("the input and the output")
        .hasSize(2);
  }

  /** By the jobs that the store has. */
  private List<String> completedTwice() throws Exception {
    List<String> completed = new ArrayList<>();
    String after = "";
    while (after != null) {
      JsonNode page = Json.parse(get(cluster.url, "/v1/jobs?limit=100" + after));
      for (JsonNode job : page.path("data")) {
        if (job.path("state").asText().equals("completed")) {
          completed.add(job.at("/metadata/custom_id").asText());
        }
      }
      after = page.path("has_more").asBoolean() ? "&after=" + page.path("next").asText() : null;
    }
    assertThat(completed).isNotEmpty();
    return completed.stream()
        .collect(Collectors.groupingBy(it -> it, Collectors.counting()))
        .entrySet()
        .stream()
        .filter(it -> it.getValue() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  private void awaitAnswered(String id, int least) {
    Awaitility.await(least + " lines with an answer")
        .atMost(Duration.between(Instant.now(), deadline))
        .ignoreExceptions()
        .until(() -> answered(id) >= least);
  }

  private int answered(String id) throws Exception {
    JsonNode counts = Json.parse(get(cluster.url, "/v1/batches/" + id)).path("request_counts");
    assertThat(counts.path("failed").asInt()).isZero();
    return counts.path("completed").asInt();
  }

  private JsonNode awaitEnd(URI gateway, String id) {
    return Awaitility.await("the end of the batch")
        .atMost(Duration.between(Instant.now(), deadline))
        .ignoreExceptions()
        .until(
            () -> Json.parse(get(gateway, "/v1/batches/" + id)),
            it ->
                List.of("completed", "failed", "expired", "cancelled")
                    .contains(it.path("status").asText()));
  }

  private static String line(int n) {
    return ("{\"custom_id\":\"line-%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
            + "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"question %d\"}]}}\n")
        .formatted(n, Cluster.MODEL, n);
  }

  private String upload() {
    String lines =
        IntStream.range(0, LINES).mapToObj(BatchKillsIT::line).collect(Collectors.joining());
    StoredFile.Terms terms = new StoredFile.Terms("in.jsonl", Purpose.BATCH, Optional.empty());
    return files().create("default", terms, lines.getBytes(StandardCharsets.UTF_8)).id().value();
  }

  /** Those that the gateways share. */
  private Files files() {
    return new Files(
        DiskFileStore.open(folder.resolve("files"), InstantSource.system()),
        InstantSource.system());
  }

  private String content(String id) throws IOException {
    StoredFile file = files().find("default", id).orElseThrow();
    try (FileStore.Content content = files().open(file, 0).orElseThrow()) {
      return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String create(String file) throws Exception {
    String body =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}";
    return id(post("/v1/batches", "application/json", body.formatted(file)));
  }

  private static String id(String answer) {
    return Json.parse(answer).path("id").asText();
  }

  private String post(String path, String type, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(cluster.url.resolve(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private String get(URI gateway, String path) throws Exception {
    return send(HttpRequest.newBuilder(gateway.resolve(path)));
  }

  private String send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer =
        cluster.http.send(
            request
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + cluster.key)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
