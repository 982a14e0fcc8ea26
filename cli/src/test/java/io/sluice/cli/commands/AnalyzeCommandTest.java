package io.sluice.cli.commands;

import static io.sluice.cli.bulk.FakeServer.PIPELINE;
import static io.sluice.cli.bulk.FakeServer.document;
import static io.sluice.cli.bulk.FakeServer.pipeline;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Captured;
import io.sluice.cli.Exit;
import io.sluice.cli.bulk.FakeServer;
import io.sluice.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice analyze} against a server that says what it is told to say. */
class AnalyzeCommandTest {
  @TempDir Path folder;
  private final FakeServer server = new FakeServer();
  private Path reports;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    reports = Files.createDirectories(folder.resolve("reports"));
    Files.writeString(reports.resolve("b.txt"), "Second.");
    Files.writeString(reports.resolve("a.pdf"), "First.");
    Files.writeString(Files.createDirectory(reports.resolve("more")).resolve("c.md"), "Third.");
    out = folder.resolve("results.jsonl");
    server.has(pipeline(3, 0), lines(3));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static List<String> lines(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      lines.add(document(i, "d" + i));
    }
    return lines;
  }

  @Test
  void a_folder_is_sent_in_the_order_of_its_paths_and_each_result_is_a_line_of_the_file()
      throws IOException {
    Captured done = analyze(reports, "--task", "summarise", "--out", out);
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(Files.readAllLines(out)).isEqualTo(lines(3));
    assertThat(server.files)
        .extracting(FakeServer.Sent::name)
        .containsExactlyInAnyOrder(reports + "/a.pdf", reports + "/b.txt", reports + "/more/c.md");
    JsonNode asked = server.starts.getFirst();
    assertThat(asked.path("documents")).hasSize(3);
    assertThat(nameOf(asked.path("documents").path(0))).endsWith("a.pdf");
    assertThat(nameOf(asked.path("documents").path(2))).endsWith("c.md");
    assertThat(asked.path("completion_window").asText()).isEqualTo("24h");
    assertThat(done.err()).contains(PIPELINE + ": 3 of 3 documents completed, 1,000 tokens");
    assertThat(out.resolveSibling("results.jsonl.state")).doesNotExist();
  }

  private String nameOf(JsonNode document) {
    int number = Integer.parseInt(document.path("file_id").asText().substring("file-".length()));
    return server.files.get(number - 1).name();
  }

  @Test
  void what_is_sent_is_the_file_byte_for_byte_and_says_how_long_it_is_wanted() {
    analyze(reports.resolve("b.txt"), "--task", "summarise", "--window", "2h");
    String body = server.files.getFirst().body();
    assertThat(body)
        .contains(
            "name=\"purpose\"\r\n\r\nuser_data\r\n", "expires_after[seconds]\"\r\n\r\n93600\r\n")
        .contains("Content-Type: application/octet-stream\r\n\r\nSecond.\r\n--sluice-");
  }

  @Test
  void results_are_lines_of_json_where_they_are_piped_and_text_on_a_terminal() {
    assertThat(analyze(reports, "--task", "summarise").out().lines()).isEqualTo(lines(3));
    Captured shown = onTerminal(reports, "--task", "summarise");
    assertThat(shown.out()).contains("d1\n  What d1 says.\n");
    assertThat(shown.err()).contains("\r\033[2K", "3/3 documents");
    assertThat(onTerminal(reports, "--task", "summarise", "--json").out().lines())
        .isEqualTo(lines(3));
  }

  @Test
  void every_option_becomes_a_part_of_the_request() throws IOException {
    Path schema = Files.writeString(folder.resolve("s.json"), "{\"type\":\"object\"}");
    Captured done =
        analyze(
            reports,
            "--schema",
            schema,
            "--language",
            "German",
            "--split-tokens",
            "3000",
            "--overlap",
            "200",
            "--on-failed-part",
            "fail",
            "--max-output-tokens",
            "512",
            "--window",
            "2d");
    assertThat(done.exit()).as(done.err()).isZero();
    JsonNode asked = server.starts.getFirst();
    assertThat(asked.path("task").asText()).isEqualTo("extract");
    assertThat(asked.path("model").asText()).isEqualTo("qwen3:14b");
    assertThat(asked.path("schema")).isEqualTo(Json.parse("{\"type\":\"object\"}"));
    assertThat(asked.path("language").asText()).isEqualTo("German");
    assertThat(asked.path("split")).isEqualTo(Json.parse("{\"tokens\":3000,\"overlap\":200}"));
    assertThat(asked.path("on_failed_part").asText()).isEqualTo("fail");
    assertThat(asked.path("max_output_tokens").asInt()).isEqualTo(512);
    assertThat(asked.path("completion_window").asText()).isEqualTo("48h");
  }

  @Test
  void a_report_that_could_not_be_written_at_the_end_is_refused_before_anything_is_sent()
      throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken.md"));
    for (Path report : List.of(folder.resolve("nowhere/report.html"), taken)) {
      Captured refused = analyze(reports, "--task", "summarise", "--report", report);
      assertThat(refused.exit()).as(refused.err()).isEqualTo(Exit.USAGE.code());
      assertThat(refused.err()).contains("--report: cannot write " + report);
    }
    assertThat(server.files).isEmpty();
    assertThat(server.starts).isEmpty();
  }

  @Test
  void a_question_labels_and_a_template_say_by_themselves_what_is_to_be_done() throws IOException {
    Path template = Files.writeString(folder.resolve("t.txt"), "Say: {{text}}");
    analyze(reports, "--question", "Who?");
    analyze(reports, "--labels", "invoice, letter", "--label", "other");
    analyze(reports, "--template", template);
    assertThat(server.starts)
        .extracting(asked -> asked.path("task").asText())
        .containsExactly("question", "classify", "custom");
    assertThat(server.starts.get(1).path("labels"))
        .isEqualTo(Json.parse("[\"invoice\",\"letter\",\"other\"]"));
  }

  @Test
  void documents_that_failed_are_exit_code_1() {
    server.has(pipeline(2, 1), lines(3));
    Captured done = analyze(reports, "--task", "summarise");
    assertThat(done.exit()).isEqualTo(Exit.NOT_COMPLETED.code());
    assertThat(done.err()).contains("2 of 3 documents completed, 1 failed");
  }

  @Test
  void an_answer_over_all_documents_that_is_not_whole_is_exit_code_1() {
    List<String> results = lines(3);
    results.add("{\"seq\":4,\"document\":null,\"status\":\"incomplete\",\"result\":\"So\"}");
    server.has(pipeline(3, 0), results);
    Captured done = analyze(reports, "--question", "Who?");
    assertThat(done.exit()).isEqualTo(Exit.NOT_COMPLETED.code());
    assertThat(done.err()).contains("the answer over all documents is incomplete");
  }

  @Test
  void a_document_that_is_too_large_is_left_out_and_told() {
    server.tooLarge = reports + "/b.txt";
    Captured done = analyze(reports, "--task", "summarise");
    assertThat(done.exit()).isEqualTo(Exit.NOT_COMPLETED.code());
    assertThat(done.err()).contains("b.txt is left out: file_too_large: Too large.", "1 left out");
    assertThat(server.starts.getFirst().path("documents")).hasSize(2);
  }

  @Test
  void uploads_wait_as_long_as_the_server_says_and_are_sent_again_when_they_break_off() {
    server.limited.set(1);
    server.broken.set(1);
    Captured done = analyze(reports, "--task", "summarise");
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(done.err()).contains("trying again", "the server answers again");
    assertThat(server.files).hasSize(3);
  }

  @Test
  void what_is_in_the_way_of_sending_is_told_with_how_to_go_on() throws IOException {
    server.full = reports + "/b.txt";
    Captured refused = analyze(reports, "--task", "summarise", "--out", out);
    assertThat(refused.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(refused.err())
        .contains("storage_quota_exceeded: Full.")
        .contains("what was sent is kept. Go on: sluice analyze --resume " + out);
    server.full = "";
    Captured done = sluice("analyze", "--resume", out);
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(server.files).hasSize(3);
    assertThat(Files.readAllLines(out)).isEqualTo(lines(3));
  }

  @Test
  void a_start_whose_answer_was_lost_is_not_done_twice() {
    server.lostStarts.set(1);
    Captured done = analyze(reports, "--task", "summarise");
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(server.starts).hasSize(1);
  }

  @Test
  void a_stream_of_results_that_is_cut_within_a_line_is_gone_on_with() throws IOException {
    server.cuts.set(1);
    Captured done = analyze(reports, "--task", "summarise", "--out", out);
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(Files.readAllLines(out)).isEqualTo(lines(3));
    assertThat(server.asked).anyMatch(line -> line.contains("/results?after=1"));
  }

  @Test
  void a_server_that_goes_away_meanwhile_is_waited_for_with_a_word() {
    server.unavailable.set(2);
    Captured done = analyze(reports, "--task", "summarise");
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(done.out().lines()).isEqualTo(lines(3));
    assertThat(done.err())
        .containsOnlyOnce("store_unavailable: It is away.; trying again")
        .contains("the server answers again");
  }

  @Test
  void whoever_may_not_read_on_is_told_that_it_goes_on_and_how_to_come_back() {
    server.forbidsResults = true;
    Captured refused = analyze(reports, "--task", "summarise", "--out", out);
    assertThat(refused.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(refused.err())
        .contains(PIPELINE + " goes on. Come back: sluice analyze --resume " + PIPELINE)
        .contains("unauthorized: The key was revoked.");
  }

  @Test
  void a_result_that_comes_again_is_written_once() throws IOException {
    Files.writeString(out, document(1, "d1") + "\n");
    server.repeats.set(1);
    sluice("analyze", "--resume", PIPELINE, "--out", out);
    assertThat(Files.readAllLines(out)).isEqualTo(lines(3));
  }

  @Test
  void resume_goes_on_after_the_last_whole_line_and_mends_a_torn_one() throws IOException {
    Files.writeString(out, document(1, "d1") + "\n" + document(2, "d2").substring(0, 9));
    Captured done = sluice("analyze", "--resume", PIPELINE, "--out", out);
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(Files.readAllLines(out)).isEqualTo(lines(3));
    Captured again = sluice("analyze", "--resume", PIPELINE, "--out", out);
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(Files.readAllLines(out)).isEqualTo(lines(3));
  }

  @Test
  void a_detached_one_is_gone_on_with_by_its_file() throws IOException {
    Captured detached = analyze(reports, "--task", "summarise", "--out", out, "--detach");
    assertThat(detached.out()).isEqualTo(PIPELINE + "\n");
    assertThat(Files.size(out)).isZero();
    Captured done = sluice("analyze", "--resume", out);
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(Files.readAllLines(out)).isEqualTo(lines(3));
    assertThat(server.files).hasSize(3);
    Captured over = sluice("analyze", "--resume", out);
    assertThat(over.exit()).isEqualTo(Exit.USAGE.code());
  }

  @Test
  void what_an_attempt_sent_that_was_refused_is_not_sent_again() throws IOException {
    server.refusesStart = true;
    Captured refused = analyze(reports, "--task", "summarise", "--out", out);
    assertThat(refused.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(refused.err()).contains("invalid_request: No such model.");
    server.refusesStart = false;
    Files.writeString(reports.resolve("b.txt"), "Second, changed.");
    Captured done = analyze(reports, "--task", "summarise", "--out", out);
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(server.files).hasSize(4);
    assertThat(server.files.getLast().body()).contains("Second, changed.");
    assertThat(nameOf(server.starts.getLast().path("documents").path(1))).endsWith("b.txt");
  }

  @Test
  void one_that_goes_on_is_not_forgotten_for_another_with_the_same_file() {
    analyze(reports, "--task", "summarise", "--out", out, "--detach");
    Captured refused = analyze(reports, "--task", "summarise", "--out", out);
    assertThat(refused.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(refused.err()).contains("the results of " + PIPELINE + " go to " + out);
  }

  @Test
  void results_that_are_there_are_never_written_over() throws IOException {
    Files.writeString(out, "mine\n");
    Captured refused = analyze(reports, "--task", "summarise", "--out", out);
    assertThat(refused.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(refused.err()).contains("go on with --resume");
    Captured resumed = sluice("analyze", "--resume", PIPELINE, "--out", out);
    assertThat(resumed.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(Files.readString(out)).isEqualTo("mine\n");
    assertThat(server.files).isEmpty();
  }

  @Test
  void one_is_cancelled_by_its_id() {
    assertThat(sluice("analyze", "--cancel", PIPELINE).out()).isEqualTo(PIPELINE + " cancelling\n");
    assertThat(server.asked).containsExactly("POST /v1/pipelines/" + PIPELINE + "/cancel");
  }

  @Test
  void an_unknown_one_is_refused() {
    Captured refused = sluice("analyze", "--resume", "pipe_other");
    assertThat(refused.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(refused.err()).contains("not_found: There is none.");
  }

  @Test
  void a_server_that_never_answered_is_not_waited_for() {
    server.close();
    Captured away = analyze(reports, "--task", "summarise");
    assertThat(away.exit()).isEqualTo(Exit.UNAVAILABLE.code());
    assertThat(away.err()).contains("no answer from " + server.url());
  }

  @Test
  void a_report_is_made_of_all_results_with_or_without_a_file_of_them() throws IOException {
    Path page = folder.resolve("r.html");
    analyze(reports, "--task", "summarise", "--report", page, "--out", out);
    assertThat(Files.readString(page)).startsWith("<!doctype html>").contains("What d3 says.");
    Path text = folder.resolve("r.md");
    analyze(reports, "--task", "summarise", "--report", text);
    assertThat(Files.readString(text)).startsWith("# ").contains("What d3 says.");
  }

  private Captured analyze(Path path, Object... options) {
    List<Object> words = new ArrayList<>(List.of("analyze", path));
    words.addAll(Arrays.asList(options));
    return sluice(words.toArray());
  }

  private Captured sluice(Object... words) {
    return Captured.run(environment(), words(words));
  }

  private Captured onTerminal(Object... words) {
    List<Object> all = new ArrayList<>(List.of("analyze"));
    all.addAll(Arrays.asList(words));
    return Captured.run("", true, environment(), words(all.toArray()));
  }

  private Map<String, String> environment() {
    return Map.of(
        "SLUICE_URL",
        server.url(),
        "SLUICE_API_KEY",
        "sk_a",
        "SLUICE_MODEL",
        "qwen3:14b",
        "COLUMNS",
        "100");
  }

  private static String[] words(Object... words) {
    return Arrays.stream(words).map(Object::toString).toArray(String[]::new);
  }
}
