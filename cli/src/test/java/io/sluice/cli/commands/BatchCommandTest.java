package io.sluice.cli.commands;

import static io.sluice.cli.bulk.FakeServer.BATCH;
import static io.sluice.cli.bulk.FakeServer.batch;
import static io.sluice.cli.bulk.FakeServer.line;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Captured;
import io.sluice.cli.Exit;
import io.sluice.cli.bulk.FakeServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice batch} against a server that says what it is told to say. */
class BatchCommandTest {
  private static final String REQUEST =
      "{\"custom_id\":\"r1\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":{}}\n";

  @TempDir Path folder;
  private final FakeServer server = new FakeServer();
  private final List<String> lines = List.of(line(1, 200), line(2, 400), line(3, 200));
  private Path file;
  private Path out;
  private Path errors;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("in.jsonl"), REQUEST);
    out = folder.resolve("out.jsonl");
    errors = folder.resolve("errors.jsonl");
    server.has(batch(2, 1), lines);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void the_file_is_sent_and_started_with_what_its_first_line_asks() {
    Captured done = sluice("", "batch", file);
    assertThat(done.exit()).isEqualTo(Exit.NOT_COMPLETED.code());
    assertThat(done.err()).contains(BATCH + ": 2 of 3 lines answered, 1 failed");
    assertThat(done.out().lines()).isEqualTo(lines);
    assertThat(server.files.getFirst().name()).isEqualTo("in.jsonl");
    assertThat(server.files.getFirst().body())
        .contains("name=\"purpose\"\r\n\r\nbatch\r\n", "\r\n\r\n" + REQUEST + "\r\n--sluice-");
    assertThat(server.starts.getFirst().path("endpoint").asText()).isEqualTo("/v1/embeddings");
    assertThat(server.starts.getFirst().path("input_file_id").asText()).isEqualTo("file-1");
    assertThat(server.starts.getFirst().path("completion_window").asText()).isEqualTo("24h");
  }

  @Test
  void what_is_piped_in_is_sent_too() {
    Captured done = sluice(REQUEST, "batch", "-", "--endpoint", "/v1/completions");
    assertThat(done.out().lines()).isEqualTo(lines);
    assertThat(server.files.getFirst().body()).contains(REQUEST);
    assertThat(server.starts.getFirst().path("endpoint").asText()).isEqualTo("/v1/completions");
  }

  @Test
  void lines_that_failed_go_to_a_file_of_their_own() throws IOException {
    sluice("", "batch", file, "--out", out, "--errors", errors);
    assertThat(Files.readAllLines(out)).containsExactly(lines.get(0), lines.get(2));
    assertThat(Files.readAllLines(errors)).containsExactly(lines.get(1));
  }

  @Test
  void resume_goes_on_after_the_last_line_of_both_files() throws IOException {
    Files.writeString(out, lines.get(0) + "\n");
    Files.writeString(errors, lines.get(1) + "\n");
    Captured done = sluice("", "batch", "--resume", BATCH, "--out", out, "--errors", errors);
    assertThat(done.exit()).as(done.err()).isEqualTo(Exit.NOT_COMPLETED.code());
    assertThat(Files.readAllLines(out)).containsExactly(lines.get(0), lines.get(2));
    assertThat(Files.readAllLines(errors)).containsExactly(lines.get(1));
    assertThat(server.asked).anyMatch(asked -> asked.contains("/results?after=2"));
  }

  @Test
  void what_is_wrong_with_the_file_is_told_line_by_line() {
    ObjectNode refused = batch(0, 0).put("status", "failed");
    var data = refused.withObject("/errors").putArray("data");
    data.addObject().put("line", 7).put("message", "It has no body.").put("param", "body");
    data.addObject().put("line", 9).put("message", "It is no JSON.").putNull("param");
    server.has(refused, List.of());
    Captured done = sluice("", "batch", file);
    assertThat(done.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(done.err())
        .contains("sluice: line 7: It has no body. (body)\n", "sluice: line 9: It is no JSON.\n");
  }

  @Test
  void every_line_answered_is_exit_code_0_and_the_batch_is_shown_as_json() {
    server.has(batch(2, 0), List.of(line(1, 200), line(2, 200)));
    Captured done = sluice("", "batch", file, "--out", out, "--json");
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(done.out()).startsWith("{\"id\":\"" + BATCH);
  }

  @Test
  void a_file_that_says_no_url_needs_the_endpoint() throws IOException {
    Files.writeString(file, "{}\n");
    Captured refused = sluice("", "batch", file);
    assertThat(refused.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(refused.err()).contains("--endpoint");
    assertThat(server.files).isEmpty();
  }

  private Captured sluice(String input, Object... words) {
    Map<String, String> environment =
        Map.of("SLUICE_URL", server.url(), "SLUICE_API_KEY", "sk_a", "COLUMNS", "100");
    String[] arguments = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    return Captured.run(input, false, environment, arguments);
  }
}
