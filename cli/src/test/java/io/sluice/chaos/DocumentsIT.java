package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.documents.HostileDocument;
import io.sluice.documents.corpus.Corpus;
import io.sluice.enginesim.EngineSim;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real documents and hostile ones go through {@code sluice analyze} while every part is killed:
 * each has one result, which points at the text that the model was asked about. How many real ones
 * is the property {@code sluice.documents}.
 */
class DocumentsIT {
  private static final Logger LOG = LoggerFactory.getLogger(DocumentsIT.class);
  private static final int DOCUMENTS = Integer.getInteger("sluice.documents", 60);

  /** So slow that there is work left for each death, and no slower. */
  private static final Duration PER_TOKEN = Duration.ofMillis(Math.max(40, 18_000 / DOCUMENTS));

  private static final Path DEBIAN = Path.of("/usr/share/doc");
  private static final Path OURS = Path.of("..", "docs");

  /** What was in the slots when a worker died, or ended in the second that Redis lost. */
  private static final int BEGUN_ANEW_MAX = 6 * 2 * Cluster.SLOTS;

  @TempDir Path folder;

  private final Instant began = Instant.now();
  private final Instant deadline = began.plus(Duration.ofMinutes(8 + DOCUMENTS / 30));
  private final Map<String, HostileDocument> hostile = new HashMap<>();
  private Path documents;
  private Path out;

  @Test
  void every_document_has_one_result_that_points_at_its_text_whatever_is_killed_in_turn()
      throws Exception {
    writeDocuments();
    Map<String, String> settings =
        Map.of("SLUICE_FILES", folder.resolve("files").toAbsolutePath().toString());
    Cluster.Node node = new Cluster.Node(Cluster.MODEL, Cluster.simulated(PER_TOKEN));
    try (Cluster cluster = new Cluster(folder, List.of(node, node), settings);
        SluiceProcess other = cluster.anotherGateway(folder);
        SluiceProcess analyze = analyze(cluster)) {
      killInTurn(cluster, other, analyze);
      assertThat(analyze.awaitExit(left()))
          .as("not every document has an answer: %s", Files.readString(analyze.log()))
          .isEqualTo(1);
      LOG.info("{} documents in {} s", total(), Duration.between(began, Instant.now()).toSeconds());
      cluster.awaitReady();
      assertPromisesKept(cluster);
    }
  }

  private void writeDocuments() throws Exception {
    documents = Files.createDirectory(folder.resolve("documents"));
    out = folder.resolve("results.jsonl");
    new Corpus(Files.isDirectory(DEBIAN) ? DEBIAN : OURS).write(documents, DOCUMENTS);
    for (HostileDocument one : HostileDocument.ofEachSort()) {
      // Among the others, where their turn is.
      int place = hostile.size() * DOCUMENTS / 12;
      String name = "%05d-hostile-%s".formatted(place, one.filename());
      Files.write(documents.resolve(name), one.bytes());
      hostile.put(name, one);
    }
  }

  private SluiceProcess analyze(Cluster cluster) throws IOException {
    Path template = Files.writeString(folder.resolve("template"), EchoedPart.TEMPLATE);
    return SluiceProcess.start(
        "analyze",
        folder,
        Map.of(
            "SLUICE_URL", cluster.url.toString(),
            "SLUICE_API_KEY", cluster.key,
            "SLUICE_MODEL", Cluster.MODEL),
        "analyze",
        documents.toString(),
        "--template",
        template.toString(),
        "--split-tokens",
        "1500",
        "--overlap",
        "100",
        "--out",
        out.toString());
  }

  private void killInTurn(Cluster cluster, SluiceProcess other, SluiceProcess analyze) {
    awaitResults(10, analyze);
    again(cluster.workers.getFirst());
    awaitResults(20, analyze);
    cluster.gateway.kill9();
    awaitKeepsOn(20);
    cluster.gateway.start();
    awaitResults(35, analyze);
    cluster.redis.kill9();
    cluster.redis.restart();
    awaitResults(50, analyze);
    cluster.rabbit.kill9();
    cluster.rabbit.restart();
    awaitResults(65, analyze);
    again(other);
    again(cluster.workers.getLast());
    awaitResults(80, analyze);
    again(cluster.gateway);
  }

  private static void again(SluiceProcess process) {
    process.kill9();
    process.start();
  }

  private int total() {
    return DOCUMENTS + hostile.size();
  }

  private Duration left() {
    return Duration.between(Instant.now(), deadline);
  }

  private void awaitResults(int percent, SluiceProcess analyze) {
    Awaitility.await(percent + " % of the results")
        .atMost(left())
        .failFast(
            "the command ended: " + analyze.log(),
            () -> !analyze.isAlive() && lines(out).count() < total())
        .until(() -> lines(out).count() >= (long) total() * percent / 100);
    LOG.info("{} % after {} s", percent, Duration.between(began, Instant.now()).toSeconds());
  }

  /** The gateway that the command speaks with is gone: another one drives the pipeline. */
  private void awaitKeepsOn(int percent) {
    Path done = folder.resolve("files");
    long before = entries(done);
    Awaitility.await("the other gateway to go on after " + percent + " %")
        .atMost(left())
        .until(() -> entries(done) > before + 2);
  }

  private static long entries(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.count();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
  }

  private static Stream<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.empty();
  }

  private void assertPromisesKept(Cluster cluster) throws Exception {
    List<JsonNode> results = lines(out).map(Json::parse).toList();
    assertThat(results.stream().map(DocumentsIT::name).toList())
        .containsExactlyInAnyOrderElementsOf(names());
    String pipeline = onlyPipeline(cluster);
    List<String> jobs = new ArrayList<>();
    for (JsonNode result : results) {
      String name = name(result);
      if (hostile.containsKey(name)) {
        assertRefused(hostile.get(name), result);
        continue;
      }
      assertThat(result.path("status").asText()).as("%s", result).isEqualTo("completed");
      String path =
          "/v1/pipelines/" + pipeline + "/documents/" + result.at("/document/index") + "/text";
      new Provenance(documents.resolve(name), get(cluster, path)).check(result);
      result.path("parts").forEach(part -> jobs.add(part.path("job").asText()));
    }
    assertAskedOnce(cluster, jobs);
  }

  private static String name(JsonNode result) {
    return Path.of(result.at("/document/filename").asText()).getFileName().toString();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(documents)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void assertRefused(HostileDocument document, JsonNode result) {
    assertThat(result.path("status").asText()).as("%s", result).isEqualTo("failed");
    assertThat(result.at("/error/code").asText())
        .as(document.filename())
        .isEqualTo(document.reason().code());
    assertThat(result.path("parts")).isEmpty();
  }

  /** Each part is one job that completed, and there is no other job. */
  private void assertAskedOnce(Cluster cluster, List<String> parts) throws Exception {
    assertThat(new HashSet<>(parts)).as("parts of one job each").hasSameSizeAs(parts);
    JobList list = new JobList(cluster.http, cluster.url, cluster.key);
    Map<String, JsonNode> jobs = list.all();
    assertThat(jobs.keySet()).containsExactlyInAnyOrderElementsOf(parts);
    assertThat(jobs.values().stream().map(job -> job.path("state").asText()))
        .containsOnly("completed");
    long completed = cluster.engines.stream().mapToLong(it -> it.stats().completed()).sum();
    LOG.info(
        "{} parts; the engines completed {} answers: {}",
        parts.size(),
        completed,
        cluster.engines.stream()
            .map(EngineSim::stats)
            .map(Object::toString)
            .collect(Collectors.joining("; ")));
    assertThat(completed)
        .as("answers that were generated")
        .isBetween((long) parts.size(), (long) parts.size() + BEGUN_ANEW_MAX);
  }

  private static String onlyPipeline(Cluster cluster) throws Exception {
    JsonNode all = Json.parse(get(cluster, "/v1/pipelines?limit=10")).path("data");
    assertThat(all).as("pipelines").hasSize(1);
    return all.path(0).path("id").asText();
  }

  private static String get(Cluster cluster, String path) throws Exception {
    HttpResponse<String> response =
        cluster.http.send(
            HttpRequest.newBuilder(cluster.url.resolve(path))
                .header("Authorization", "Bearer " + cluster.key)
                .timeout(Duration.ofSeconds(30))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }
}
