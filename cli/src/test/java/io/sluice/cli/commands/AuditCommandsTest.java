package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Pool;
import io.sluice.cli.Captured;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.FirstKey;
import io.sluice.cli.compose.FirstSecret;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.settings.TokenSettings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole Sluice in this process writes down, and the commands that read it. */
class AuditCommandsTest {
  private static final String MARK = "XMARKX";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path data;
  private static EngineSim engine;
  private static Broker broker;
  private static URI url;
  private static String key;

  @BeforeAll
  static void start() throws IOException {
    engine = EngineSim.start(SimConfig.DEFAULT.answerTokens(12));
    FirstSecret.ensure(data.resolve("secret"));
    broker =
        Broker.open(
            new Plan(
                    new ListenSettings("127.0.0.1", 0),
                    data,
                    Optional.empty(),
                    List.of(Pool.parse("qwen3:14b")),
                    new EngineSettings(engine.uri(), EngineSettings.Kind.OLLAMA, 2),
                    new WorkerSettings(Duration.ofSeconds(5), Optional.empty()),
                    new LimitSettings(100, 100, Duration.ZERO, 1000, List.of(), List.of()))
                .tokens(
                    Settings.read(List.of(TokenSettings.class), Map.of(), Map.of())
                        .get(TokenSettings.class)
                        .config(data.resolve("secret"))));
    url = broker.serve();
    broker.work();
    FirstKey.ensure(broker, data.resolve("api-key"));
    key = Files.readString(data.resolve("api-key")).strip();
    Awaitility.await().until(() -> broker.unready().isEmpty());
  }

  @AfterAll
  static void stop() {
    broker.close();
    engine.close();
  }

  private static Captured sluice(String... arguments) {
    return Captured.run(Map.of("SLUICE_DATA", data.toString()), arguments);
  }

  private static List<JsonNode> found(String... arguments) {
    Captured searched =
        sluice(
            Stream.concat(Stream.of("audit", "search", "--json"), Arrays.stream(arguments))
                .toArray(String[]::new));
    assertThat(searched.exit()).as(searched.err()).isZero();
    return searched.out().lines().map(Json::parse).toList();
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String... headers) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(url.resolve(path))
              .timeout(Duration.ofSeconds(30))
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .headers(headers);
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static HttpResponse<String> job(String body, String... more) {
    String[] headers = {
      "Authorization", "Bearer " + key, "Content-Type", "application/json", "Prefer", "wait=30"
    };
    return send(
        "POST",
        "/v1/jobs",
        body,
        Stream.concat(Arrays.stream(headers), Arrays.stream(more)).toArray(String[]::new));
  }

  private static HttpResponse<String> form(String path, String body) {
    return send("POST", path, body, "Content-Type", "application/x-www-form-urlencoded");
  }

  private static String prompt(String text) {
    return "{\"model\":\"qwen3:14b\",\"prompt\":\""
        + text
        + "\",\"metadata\":{\"m\":\""
        + MARK
        + "\"}}";
  }

  @Test
  void what_happened_to_a_job_is_found_from_its_submission_to_its_end() {
    String id = Json.parse(job(prompt("tell me")).body()).path("id").asText();
    Awaitility.await().until(() -> found("--target", id).size() == 3);
    List<JsonNode> events = found("--target", id);
    assertThat(events.stream().map(event -> event.path("action").asText()))
        .containsExactly("job_end", "job_start", "job_submit");
    assertThat(events.getFirst().path("details").path("state").asText()).isEqualTo("completed");
    assertThat(events.getFirst().path("details").path("completion_tokens").asText())
        .isEqualTo("12");
    assertThat(events.getLast().path("address").asText()).isEqualTo("127.0.0.1");
    String principal = events.getLast().path("principal").asText();
    assertThat(key).contains(principal);
    assertThat(found("--principal", principal, "--action", "job_submit", "--since", "1h"))
        .anyMatch(event -> event.path("target").asText().equals(id));
  }

  @Test
  void who_failed_to_log_in_is_found() {
    send("GET", "/v1/jobs", "", "Authorization", "Bearer sk_" + MARK);
    Awaitility.await()
        .until(
            () ->
                !found("--action", "authenticate", "--outcome", "refused", "--since", "1d")
                    .isEmpty());
  }

  @Test
  void a_key_is_written_down_before_it_is_made_and_after() {
    Captured created = sluice("key", "create", "--tenant", "audited", "--json");
    String id = Json.parse(created.out()).path("id").asText();
    assertThat(sluice("key", "revoke", id).exit()).isZero();
    assertThat(sluice("key", "revoke", "nobody").exit()).isNotZero();
    assertThat(found("--target", id).stream().map(AuditCommandsTest::brief))
        .containsExactly(
            "key_revoke success", "key_revoke begun", "key_create success", "key_create begun");
    assertThat(found("--target", "nobody").stream().map(AuditCommandsTest::brief))
        .containsExactly("key_revoke refused", "key_revoke begun");
    assertThat(found("--target", id).getFirst().path("principal").asText()).startsWith("os:");
  }

  private static String brief(JsonNode event) {
    return event.path("action").asText() + " " + event.path("outcome").asText();
  }

  @Test
  void a_process_tells_when_it_starts() {
    assertThat(found("--action", "process_start", "--limit", "1000")).isNotEmpty();
  }

  @Test
  void no_prompt_no_answer_and_no_secret_is_ever_in_it() throws IOException {
    String answer = Json.parse(job(prompt(MARK + " of a prompt")).body()).path("output").toString();
    assertThat(answer).contains(MARK);
    job("{\"model\":\"" + MARK + "\",\"prompt\":\"" + MARK + "\"}");
    job("{\"prompt\": " + MARK);
    job("{\"model\":\"qwen3:14b\",\"" + MARK + "\":\"" + MARK + "\"}");
    job(prompt(MARK), "Idempotency-Key", MARK, "X-Session-Id", MARK, "User-Agent", MARK);
    job("{\"model\":\"qwen3:14b\",\"prompt\":\"[[sim:die]] " + MARK + "\",\"timeout\":\"1s\"}");
    send("GET", "/v1/jobs/" + MARK, "", "Authorization", "Bearer " + key);
    send("DELETE", "/v1/jobs/" + MARK, "", "Authorization", "Bearer " + key);
    send("GET", "/v1/jobs", "", "Authorization", "Bearer " + MARK);
    send("GET", "/v1/jobs?x=" + MARK, "", "Authorization", "Basic " + MARK);
    String wrong = key.substring(0, key.length() - 8) + "AAAAAAAA";
    send("GET", "/v1/jobs", "", "Authorization", "Bearer " + wrong);
    String begin = "grant_type=client_credentials&client_secret=";
    form("/oauth/token", begin + MARK);
    form("/oauth/token", begin + wrong);
    JsonNode tokens = Json.parse(form("/oauth/token", begin + key).body());
    String access = tokens.path("access_token").asText();
    String refresh = tokens.path("refresh_token").asText();
    JsonNode again =
        Json.parse(
            form("/oauth/token", "grant_type=refresh_token&refresh_token=" + refresh).body());
    String second = again.path("refresh_token").asText();
    form("/oauth/token", "grant_type=refresh_token&refresh_token=" + MARK);
    send("GET", "/v1/jobs", "", "Authorization", "Bearer " + access + "x");
    form("/oauth/revoke", "token=" + second);
    send("GET", "/v1/jobs", "", "Authorization", "Bearer " + access);
    String made = sluice("key", "create", "--tenant", "marked").out().strip();
    sluice("key", "revoke", made);
    assertThat(List.of(access, refresh, second, made)).noneMatch(String::isEmpty);

    String written = auditFiles();
    assertThat(written).contains("job_submit", "job_end", "token_issue", "authenticate");
    assertThat(written).doesNotContain(MARK).doesNotContain("Simulated answer");
    for (String secret :
        List.of(
            key, wrong, access, refresh, second, made, Files.readString(data.resolve("secret")))) {
      assertThat(written).doesNotContain(secret.strip());
      assertThat(written).doesNotContain(secret.strip().substring(secret.strip().length() / 2));
    }
    assertThat(sluice("audit", "verify").exit()).isZero();
  }

  private static String auditFiles() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("audit"))) {
      return files.map(AuditCommandsTest::text).collect(Collectors.joining());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void verify_works_while_servers_run_and_names_the_first_bad_entry(@TempDir Path other)
      throws IOException {
    Captured whole = sluice("audit", "verify");
    assertThat(whole.exit()).as(whole.out()).isZero();
    assertThat(whole.out()).contains("good entries", "whole");

    Map<String, String> copy = Map.of("SLUICE_DATA", other.toString());
    Captured made = Captured.run(copy, "key", "create", "--tenant", "t");
    assertThat(made.exit()).as(made.err()).isZero();
    Path file = other.resolve("audit").resolve("audit-0000000000000001.jsonl");
    Files.writeString(file, text(file).replace("\"success\"", "\"refused\""));
    Captured changed = Captured.run(copy, "audit", "verify");
    assertThat(changed.exit()).isEqualTo(1);
    assertThat(changed.out())
        .contains("changed at entry 2, audit-0000000000000001.jsonl", "entry 2 was changed");
    JsonNode json = Json.parse(Captured.run(copy, "audit", "verify", "--json").out());
    assertThat(json.path("whole").asBoolean()).isFalse();
    assertThat(json.path("flaw").path("seq").asInt()).isEqualTo(2);
  }

  @Test
  void a_last_entry_that_was_noted_is_found_again() {
    Captured json = sluice("audit", "verify", "--json");
    JsonNode then = Json.parse(json.out());
    String noted = then.path("last").asText() + ":" + then.path("hash").asText();
    sluice("key", "revoke", "nobody-too");
    assertThat(sluice("audit", "verify", "--noted", noted).exit()).isZero();
    assertThat(sluice("audit", "verify", "--noted", "1:" + "0".repeat(64)).exit()).isEqualTo(1);
    assertThat(sluice("audit", "verify", "--noted", "x").exit()).isEqualTo(2);
    assertThat(sluice("audit", "verify", "--noted", "0:" + "0".repeat(64)).exit()).isEqualTo(2);
  }

  @Test
  void who_sees_a_part_of_what_was_found_is_told() {
    Captured part = sluice("audit", "search", "--limit", "1");
    assertThat(part.out().lines()).hasSize(1);
    assertThat(part.err()).contains("there are more than these 1", "--until", "--limit");
    Captured all = sluice("audit", "search", "--limit", "1000");
    assertThat(all.out().lines()).hasSizeGreaterThan(1);
    assertThat(all.err()).doesNotContain("there are more");
  }

  @Test
  void wrong_questions_are_refused_with_what_would_be_right(@TempDir Path empty) {
    assertThat(sluice("audit", "search", "--action", "x").err()).contains("job_submit");
    assertThat(sluice("audit", "search", "--since", "tomorrow").exit()).isEqualTo(2);
    assertThat(sluice("audit", "search", "--limit", "0").exit()).isEqualTo(2);
    assertThat(sluice("audit").err()).contains("audit verify or audit search");
    Captured nothing = Captured.run(Map.of("SLUICE_DATA", empty.toString()), "audit", "verify");
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("there is no audit log in");
  }

  @Test
  void a_log_of_which_only_the_key_is_left_is_not_whole(@TempDir Path left) throws IOException {
    Files.copy(data.resolve("audit.key"), left.resolve("audit.key"));
    Captured verify = Captured.run(Map.of("SLUICE_DATA", left.toString()), "audit", "verify");
    assertThat(verify.exit()).isEqualTo(1);
    assertThat(verify.out()).contains("everything was removed");
  }

  @Test
  void a_key_is_not_made_where_that_cannot_be_written_down(@TempDir Path other) throws IOException {
    Files.createFile(other.resolve("audit"));
    Map<String, String> environment = Map.of("SLUICE_DATA", other.toString());
    Captured refused = Captured.run(environment, "key", "create", "--tenant", "t");
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.err()).contains("the audit log in", "cannot be written");
    assertThat(refused.out()).isEmpty();
    assertThat(Captured.run(environment, "key", "list").out()).isEmpty();
  }
}
