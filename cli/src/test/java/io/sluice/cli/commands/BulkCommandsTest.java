package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Pool;
import io.sluice.cli.Captured;
import io.sluice.cli.Exit;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.FirstKey;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code analyze} and {@code batch} against a whole Sluice in this process. */
class BulkCommandsTest {
  private static final Pool POOL = Pool.parse("qwen3:14b");
  private static final int LINES = 20;

  @TempDir static Path data;
  @TempDir Path folder;
  private static EngineSim engine;
  private static Broker broker;
  private static URI url;

  @BeforeAll
  static void start() {
    engine =
        EngineSim.start(SimConfig.DEFAULT.models(SimModel.named(POOL.model())).answerTokens(12));
    broker =
        Broker.open(
            new Plan(
                new ListenSettings("127.0.0.1", 0),
                data,
                Optional.empty(),
                List.of(POOL),
                new EngineSettings(engine.uri(), EngineSettings.Kind.OLLAMA, 2),
                new WorkerSettings(Duration.ofSeconds(5), Optional.empty()),
                new LimitSettings(100, 100, Duration.ZERO, 1000, List.of(), List.of())));
    url = broker.serve();
    broker.work();
    FirstKey.ensure(broker, data.resolve("api-key"));
    ServedModel.remember(data, POOL);
    Awaitility.await().until(() -> broker.unready().isEmpty());
  }

  @AfterAll
  static void stop() {
    broker.close();
    engine.close();
  }

  @Test
  void every_line_of_a_batch_has_one_answer_and_resume_brings_none_twice() throws IOException {
    Path file = Files.write(folder.resolve("in.jsonl"), requests("/v1/chat/completions"));
    Path out = folder.resolve("out.jsonl");
    Captured started = sluice("batch", file, "--out", out, "--detach");
    assertThat(started.exit()).as(started.err()).isZero();
    Captured done = sluice("batch", "--resume", started.out().strip(), "--out", out);
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(ids(out)).hasSize(LINES).doesNotHaveDuplicates();
    Captured again = sluice("batch", "--resume", started.out().strip(), "--out", out);
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(ids(out)).hasSize(LINES);
  }

  @Test
  void what_is_wrong_with_a_batch_is_told_with_its_line() throws IOException {
    List<String> lines = requests("/v1/chat/completions");
    lines.set(6, "{\"custom_id\":");
    Path file = Files.write(folder.resolve("in.jsonl"), lines);
    Captured refused = sluice("batch", file);
    assertThat(refused.exit()).as(refused.err()).isEqualTo(Exit.REFUSED.code());
    assertThat(refused.err()).contains("line 7: ");
  }

  @Test
  void every_document_of_a_folder_has_one_result_that_says_where_it_comes_from()
      throws IOException {
    Path reports = Files.createDirectory(folder.resolve("reports"));
    for (String name : List.of("a.txt", "b.md", "c.html")) {
      Files.writeString(reports.resolve(name), "The year was good, says " + name + ".");
    }
    Path out = folder.resolve("out.jsonl");
    Path report = folder.resolve("report.html");
    Captured done =
        sluice("analyze", reports, "--task", "summarise", "--out", out, "--report", report);
    assertThat(done.exit()).as(done.err()).isZero();
    List<JsonNode> results = Files.readAllLines(out).stream().map(Json::parse).toList();
    assertThat(results)
        .extracting(result -> result.path("document").path("filename").asText())
        .containsExactlyInAnyOrder(reports + "/a.txt", reports + "/b.md", reports + "/c.html");
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.path("result").asText()).isNotEmpty();
              assertThat(result.path("parts").path(0).path("end").asLong()).isPositive();
            });
    assertThat(Files.readString(report)).contains("reports/c.html", "Where it comes from");
  }

  private static List<String> requests(String path) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      var line = Json.object().put("custom_id", "r" + i).put("method", "POST").put("url", path);
      var body = line.putObject("body").put("model", POOL.model());
      body.putArray("messages").addObject().put("role", "user").put("content", "Number " + i);
      lines.add(Json.write(line));
    }
    return lines;
  }

  private static List<String> ids(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> Json.parse(line).path("custom_id").asText())
        .toList();
  }

  private static Captured sluice(Object... words) {
    return Captured.run(
        Map.of("SLUICE_URL", url.toString(), "SLUICE_DATA", data.toString()),
        Arrays.stream(words).map(Object::toString).toArray(String[]::new));
  }
}
