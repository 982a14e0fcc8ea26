package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Pool;
import io.sluice.auth.ApiKeys;
import io.sluice.cli.Captured;
import io.sluice.cli.Exit;
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
import io.sluice.enginesim.SimModel;
import io.sluice.gateway.token.TokenConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client commands against a whole Sluice in this process. */
class ClientCommandsTest {
  private static final Pool POOL = Pool.parse("qwen3:14b");
  private static final Pool EMBEDDING = Pool.parse("qwen3-embedding:0.6b");

  @TempDir static Path data;
  private static EngineSim engine;
  private static Broker broker;
  private static URI url;

  @BeforeAll
  static void start() {
    engine =
        EngineSim.start(
            SimConfig.DEFAULT
                .models(SimModel.named(POOL.model()), SimModel.named(EMBEDDING.model()))
                .answerTokens(12));
    broker = Broker.open(plan(data).tokens(tokens()));
    url = broker.serve();
    broker.work();
    FirstKey.ensure(broker, data.resolve("api-key"));
    ServedModel.remember(data, POOL);
    Awaitility.await().until(() -> broker.unready().isEmpty());
  }

  private static Plan plan(Path folder) {
    return new Plan(
        new ListenSettings("127.0.0.1", 0),
        folder,
        Optional.empty(),
        List.of(POOL, EMBEDDING),
        new EngineSettings(engine.uri(), EngineSettings.Kind.OLLAMA, 2),
        new WorkerSettings(Duration.ofSeconds(5), Optional.empty()),
        new LimitSettings(100, 100, Duration.ZERO, 1000, List.of(), List.of()));
  }

  /** As up has them by itself. */
  private static TokenConfig tokens() {
    FirstSecret.ensure(data.resolve("secret"));
    return Settings.read(List.of(TokenSettings.class), Map.of(), Map.of())
        .get(TokenSettings.class)
        .config(data.resolve("secret"));
  }

  @AfterAll
  static void stop() {
    broker.close();
    engine.close();
  }

  @Test
  void the_first_key_is_for_its_owner_alone_and_is_made_once() throws Exception {
    Path file = data.resolve("api-key");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(FirstKey.ensure(broker, file)).isEmpty();
  }

  @Test
  void the_first_key_is_shown_to_no_server_but_that_of_this_machine() {
    for (String other : List.of("http://sluice.test", "https://[::2]:1", "http://127.0.0.1.test")) {
      Captured submitted = at(other, "submit", "--model", "m", "hello");
      assertThat(submitted.exit()).as(other).isEqualTo(Exit.USAGE.code());
      assertThat(submitted.err())
          .contains("there is no key for " + other, "set SLUICE_API_KEY", "sluice login")
          .doesNotContain("in clear");
      assertThat(at(other, "login").exit()).as(other).isEqualTo(Exit.USAGE.code());
    }
  }

  @Test
  void a_credential_that_goes_to_another_machine_in_clear_is_told() {
    String warning = "the credential goes to http://sluice.invalid:1 in clear";
    for (String command : List.of("submit", "login")) {
      String[] words = {command, "--api-key", "sk_a", command.equals("submit") ? "hi" : "--json"};
      assertThat(at("http://sluice.invalid:1", words).err()).contains(warning);
      assertThat(at("https://sluice.invalid:1", words).err()).doesNotContain("in clear");
    }
    assertThat(sluice("submit", "hello").err()).isEmpty();
  }

  private static Captured at(String server, String... arguments) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.put("SLUICE_URL", server);
    return Captured.run(environment, arguments);
  }

  @Test
  void a_first_key_that_others_can_read_is_not_shown(@TempDir Path home) throws Exception {
    Path file = Files.writeString(home.resolve("api-key"), "sk_a");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Captured submitted =
        Captured.run(
            Map.of("SLUICE_URL", url.toString(), "SLUICE_DATA", home.toString()),
            "submit",
            "--model",
            "m",
            "hello");
    assertThat(submitted.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(submitted.err()).contains("others can read the secret " + file);
  }

  @Test
  void a_login_before_the_first_start_makes_a_folder_for_its_owner_alone(@TempDir Path home)
      throws Exception {
    Path folder = home.resolve("sluice");
    Map<String, String> person =
        Map.of("SLUICE_URL", url.toString(), "SLUICE_DATA", folder.toString());
    String key = Files.readString(data.resolve("api-key"));
    assertThat(Captured.run(key, false, person, "login", "--api-key-stdin").exit()).isZero();
    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("login.json"))).isEqualTo("rw-------");
    assertThat(mode(folder.resolve("login.json.lock"))).isEqualTo("rw-------");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void embed_prints_a_vector_for_each_text_on_a_terminal_and_where_it_is_piped() {
    String[] words = {"embed", "--model", EMBEDDING.model(), "--dimensions", "3", "one", "-"};
    Captured piped = Captured.run("two", false, environment(), words);
    assertThat(piped.exit()).as(piped.err()).isEqualTo(0);
    assertThat(piped.out().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(Json.parse(line)).hasSize(3));
    assertThat(Captured.run("two", true, environment(), words).out()).isEqualTo(piped.out());
  }

  @Test
  void an_embed_job_is_followed_later_and_fails_with_a_model_that_makes_no_vectors() {
    String id = sluice("embed", "a", "b", "--model", EMBEDDING.model(), "--detach").out().strip();
    assertThat(sluice("watch", id).out().lines()).hasSize(2);
    Captured refused = sluice("embed", "a");
    assertThat(refused.exit()).isEqualTo(Exit.NOT_COMPLETED.code());
    assertThat(refused.err()).contains("failed (invalid_request): The model makes no embeddings.");
  }

  @Test
  void submit_prints_the_plain_answer_where_it_is_piped() {
    Captured submitted = sluice("submit", "hello");
    assertThat(submitted.exit()).as(submitted.err()).isZero();
    assertThat(submitted.out()).startsWith("(Simulated answer, no model ran.)").endsWith("\n");
    assertThat(submitted.out()).doesNotContain("\033");
    assertThat(submitted.err()).isEmpty();
  }

  @Test
  void submit_streams_the_same_text_on_a_terminal() {
    Captured piped = sluice("submit", "the same question");
    Captured shown = Captured.run("", true, environment(), "submit", "the same question");
    assertThat(shown.out()).isEqualTo(piped.out());
    assertThat(shown.err()).contains("\r\033[2K");
  }

  @Test
  void submit_reads_the_prompt_from_standard_input() {
    Captured submitted = Captured.run("from a pipe", false, environment(), "submit", "-", "--json");
    assertThat(submitted.exit()).isZero();
    assertThat(engine.runs("from a pipe")).isEqualTo(1);
  }

  @Test
  void submit_prints_the_finished_job_as_one_line_of_json() {
    Captured submitted = sluice("submit", "hello", "--json", "--system", "Be brief.");
    assertThat(submitted.out().lines()).hasSize(1);
    JsonNode job = Json.parse(submitted.out());
    assertThat(job.path("state").asText()).isEqualTo("completed");
    assertThat(job.path("usage").path("completion_tokens").asInt()).isEqualTo(12);
  }

  @Test
  void a_worker_is_shown_drained_until_it_is_empty_and_resumed() {
    Captured shown = sluice("workers", "--json");
    assertThat(shown.exit()).as(shown.err()).isZero();
    JsonNode worker = Json.parse(shown.out()).path(0);
    String id = worker.path("id").asText();
    assertThat(worker.path("slots").asInt()).isEqualTo(2);
    assertThat(sluice("workers").out()).startsWith(id).contains("serving", POOL.toString());

    Captured drained = sluice("drain", id, "--wait", "--within", "5s");
    assertThat(drained.exit()).as(drained.err()).isZero();
    assertThat(drained.out()).isEqualTo(id + " is drained\n");
    assertThat(sluice("workers").out()).contains("drained", "0 jobs");
    Captured waiting = sluice("submit", "hello", "--detach");
    assertThat(waiting.exit()).isZero();

    assertThat(sluice("resume", id).out()).isEqualTo(id + " is told to serve\n");
    Captured answered = sluice("watch", waiting.out().strip());
    assertThat(answered.exit()).as(answered.err()).isZero();
    assertThat(sluice("drain", "nobody").exit()).isEqualTo(Exit.REFUSED.code());
  }

  @Test
  void a_process_that_is_told_to_stop_is_not_ready_first_and_goes_on_serving(@TempDir Path other)
      throws Exception {
    Broker stopping = Broker.open(plan(other));
    URI at = stopping.serve();
    FirstKey.ensure(stopping, other.resolve("api-key"));
    stopping.lingers(Duration.ofMinutes(10));
    Thread closing = Thread.startVirtualThread(stopping::close);
    HttpClient http = HttpClient.newHttpClient();
    Awaitility.await()
        .until(() -> http.send(get(at.resolve("/health/ready")), discarding()).statusCode() == 503);
    Map<String, String> client =
        Map.of("SLUICE_URL", at.toString(), "SLUICE_DATA", other.toString());
    Captured submitted =
        Captured.run(client, "submit", "--model", POOL.model(), "--detach", "late");
    assertThat(submitted.exit()).as(submitted.err()).isZero();
    closing.interrupt();
    closing.join();
    assertThatThrownBy(() -> http.send(get(at.resolve("/health/ready")), discarding()))
        .isInstanceOf(IOException.class);
  }

  private static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
  }

  private static HttpResponse.BodyHandler<Void> discarding() {
    return HttpResponse.BodyHandlers.discarding();
  }

  @Test
  void an_answer_at_its_limit_is_printed_and_said_to_be_one() {
    Captured submitted = sluice("submit", "hello", "--max-output-tokens", "5");
    assertThat(submitted.exit()).isZero();
    assertThat(submitted.err()).contains("reached its output limit");
  }

  @Test
  void a_detached_job_can_be_watched_from_its_beginning_to_its_end() {
    Captured detached = sluice("submit", "hello again", "--detach", "--class", "batch");
    String id = detached.out().strip();
    assertThat(id).startsWith("job_");
    Captured watched = sluice("watch", id);
    assertThat(watched.exit()).isZero();
    assertThat(watched.out()).startsWith("(Simulated answer");
    assertThat(sluice("watch", id).out()).isEqualTo(watched.out());
  }

  @Test
  void a_running_job_is_cancelled_and_watching_it_is_exit_code_1() {
    String id = sluice("submit", "[[sim:stall_first=0]]", "--detach").out().strip();
    Captured cancelled = sluice("cancel", id);
    assertThat(cancelled.exit()).isZero();
    assertThat(cancelled.out()).startsWith(id + " cancel");
    Captured watched = sluice("watch", id);
    assertThat(watched.exit()).isEqualTo(Exit.NOT_COMPLETED.code());
    assertThat(watched.err()).contains(id + " was cancelled");
    assertThat(sluice("cancel", id).out().strip()).isEqualTo(id + " cancelled");
  }

  @Test
  void a_failed_job_is_exit_code_1_with_its_reason() {
    Captured submitted = sluice("submit", "[[sim:status=bad_option]]");
    assertThat(submitted.exit()).isEqualTo(Exit.NOT_COMPLETED.code());
    assertThat(submitted.err()).contains("failed (invalid_request)");
  }

  @Test
  void what_held_a_job_is_told_in_a_sentence_and_step_by_step() {
    String id = Json.parse(sluice("submit", "hello", "--json").out()).path("id").asText();

    Captured told = sluice("explain", id);
    assertThat(told.exit()).isZero();
    assertThat(told.out()).startsWith("It completed after ").contains("ran: Attempt 1 on worker");

    JsonNode json = Json.parse(sluice("explain", id, "--json").out());
    assertThat(json.path("id").asText()).isEqualTo(id);
    assertThat(json.path("history_complete").asBoolean()).isTrue();
    JsonNode steps = json.path("steps");
    Instant created =
        Instant.parse(Json.parse(sluice("watch", id, "--json").out()).path("created_at").asText());
    assertThat(steps.path(0).path("at").asText()).isEqualTo(created.toString());
    assertThat(steps.findValuesAsText("step")).endsWith("ran", "ended");
    assertThat(sluice("explain", "job_0190a2b3c4d57e6f8a9b0c1d2e3f4a5b").exit())
        .isEqualTo(Exit.REFUSED.code());
  }

  @Test
  void an_unknown_job_is_refused() {
    Captured watched = sluice("watch", "job_0190a2b3c4d57e6f8a9b0c1d2e3f4a5b");
    assertThat(watched.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(watched.err()).startsWith("sluice: ").contains("not_found");
  }

  @Test
  void a_wrong_key_is_refused() {
    Captured submitted =
        Captured.run(
            Map.of("SLUICE_URL", url.toString(), "SLUICE_API_KEY", "sk_no"),
            "submit",
            "--model",
            "qwen3:14b",
            "hello");
    assertThat(submitted.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(submitted.err().lines()).hasSize(1);
  }

  @Test
  void an_unknown_model_is_refused() {
    Captured submitted = sluice("submit", "--model", "other", "hello");
    assertThat(submitted.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(submitted.err()).contains("model_not_found");
  }

  @Test
  void a_prompt_that_is_too_long_is_refused_with_the_counts() {
    Captured submitted = Captured.run("word ".repeat(2000), false, environment(), "submit", "-");
    assertThat(submitted.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(submitted.err()).contains("context_length_exceeded");
  }

  @Test
  void without_a_server_it_says_how_to_start_one() {
    Captured submitted =
        Captured.run(
            Map.of("SLUICE_URL", "http://127.0.0.1:1", "SLUICE_MODEL", "m"), "submit", "hello");
    assertThat(submitted.exit()).isEqualTo(Exit.UNAVAILABLE.code());
    assertThat(submitted.err()).contains("is it running?").doesNotContain("Exception");
  }

  @Test
  void a_key_works_from_its_creation_to_its_revocation() {
    Captured created = sluice("key", "create", "--tenant", "acme", "--json");
    assertThat(created.exit()).as(created.err()).isZero();
    JsonNode key = Json.parse(created.out());
    assertThat(key.path("tenant").asText()).isEqualTo("acme");
    assertThat(key.path("scopes")).hasSize(4);
    Map<String, String> acme =
        Map.of(
            "SLUICE_URL", url.toString(),
            "SLUICE_MODEL", "qwen3:14b",
            "SLUICE_API_KEY", key.path("key").asText());
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Captured.run(acme, "submit", "hello").exit() == 0);
    String id = key.path("id").asText();
    assertThat(sluice("key", "list").out()).contains(id, "acme", "valid");
    assertThat(sluice("key", "list", "--json").out()).doesNotContain(key.path("key").asText());
    assertThat(sluice("key", "revoke", id).out().strip()).isEqualTo(id + " revoked");
    assertThat(sluice("key", "revoke", id).exit()).isEqualTo(Exit.REFUSED.code());
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Captured.run(acme, "submit", "hello").exit() == Exit.REFUSED.code());
  }

  @Test
  void a_key_shows_what_it_is_bound_to() {
    String bound =
        sluice("key", "create", "--tenant", "acme", "--range", "10.0.0.0/8", "--range", "::1")
            .out()
            .strip();
    sluice("key", "create", "--tenant", "forever", "--expires", "never");
    JsonNode keys = Json.parse(sluice("key", "list", "--json").out());
    JsonNode key = only(keys, "id", ApiKeys.parse(bound).orElseThrow().id());
    assertThat(key.path("ranges").toString()).isEqualTo("[\"10.0.0.0/8\",\"::1\"]");
    assertThat(key.path("state").asText()).isEqualTo("valid");
    assertThat(Instant.parse(key.path("expires_at").asText()))
        .isEqualTo(Instant.parse(key.path("created_at").asText()).plus(Duration.ofDays(90)));
    JsonNode forever = only(keys, "tenant", "forever");
    assertThat(forever.path("expires_at").isNull()).isTrue();
    assertThat(forever.path("ranges").isNull()).isTrue();
    assertThat(sluice("key", "list").out())
        .contains("from 10.0.0.0/8 ::1", "from anywhere", "never used", "valid to ");
  }

  @Test
  void a_key_that_has_expired_is_listed_as_such() {
    String id =
        Json.parse(sluice("key", "create", "--tenant", "brief", "--expires", "1s", "--json").out())
            .path("id")
            .asText();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                only(Json.parse(sluice("key", "list", "--json").out()), "id", id)
                    .path("state")
                    .asText()
                    .equals("expired"));
    assertThat(sluice("key", "list").out()).contains("expired 20");
  }

  @Test
  void a_wrong_range_or_life_is_said_and_makes_no_key() {
    Captured wrong =
        sluice(
            "key", "create", "--tenant", "never-made", "--range", "010.0.0.1", "--expires", "soon");
    assertThat(wrong.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(wrong.err())
        .contains("--range: '010.0.0.1' is not a range of addresses")
        .contains("--expires: 'soon' is neither a time above zero");
    assertThat(sluice("key", "list").out()).doesNotContain("never-made");
  }

  @Test
  void a_key_reads_the_same_in_commands_and_over_http() throws Exception {
    String id =
        Json.parse(
                sluice("key", "create", "--tenant", "seen", "--range", "10.0.0.0/8", "--json")
                    .out())
            .path("id")
            .asText();
    JsonNode here = only(Json.parse(sluice("key", "list", "--json").out()), "id", id);
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/admin/v1/keys/" + id))
            .header("Authorization", "Bearer " + Files.readString(data.resolve("api-key")).strip())
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      String there = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      assertThat(Json.parse(there)).isEqualTo(here);
    }
    assertThat(here.path("state").asText()).isEqualTo("valid");
  }

  private static JsonNode only(JsonNode keys, String field, String value) {
    for (JsonNode key : keys) {
      if (key.path(field).asText().equals(value)) {
        return key;
      }
    }
    throw new AssertionError("no key whose " + field + " is " + value);
  }

  @Test
  void a_login_stands_for_its_key_until_the_logout(@TempDir Path home) throws Exception {
    Map<String, String> person =
        Map.of(
            "SLUICE_URL", url.toString(),
            "SLUICE_MODEL", "qwen3:14b",
            "SLUICE_DATA", home.toString());
    String key = Files.readString(data.resolve("api-key"));
    assertThat(Captured.run(person, "login").err()).contains("no key to log in with");
    Captured wrong = Captured.run("sk_no", false, person, "login", "--api-key-stdin");
    assertThat(wrong.exit()).isEqualTo(Exit.REFUSED.code());
    Captured login = Captured.run(key, false, person, "login", "--api-key-stdin");
    assertThat(login.exit()).as(login.err()).isZero();
    assertThat(login.out()).startsWith("logged in at " + url);
    assertThat(Captured.run(person, "submit", "hello").exit()).isZero();
    Captured again = Captured.run(key, false, person, "login", "--api-key-stdin", "--json");
    assertThat(Json.parse(again.out()).path("logged_in").asBoolean()).isTrue();
    assertThat(Captured.run(person, "logout").out()).startsWith("logged out");
    assertThat(Captured.run(person, "logout").exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(Captured.run(person, "submit", "hello").exit()).isEqualTo(Exit.REFUSED.code());
  }

  @Test
  void signing_keys_that_are_rotated_and_revoked_by_command_go_by_in_a_running_gateway() {
    Awaitility.await().until(() -> !kids().isEmpty());
    String before = kids().getFirst();
    JsonNode next = Json.parse(sluice("token-key", "rotate", "--json").out());
    String kid = next.path("kid").asText();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> sluice("token-key", "list").out().lines().anyMatch(it -> signs(it, kid)));
    assertThat(kids()).contains(before, kid);
    sluice("token-key", "revoke", before);
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !kids().contains(before));
  }

  private static boolean signs(String line, String kid) {
    return line.startsWith(kid) && line.contains(" signing ");
  }

  /** What the gateway publishes. */
  private static List<String> kids() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(url.resolve("/.well-known/jwks.json")).build();
      String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      List<String> kids = new ArrayList<>();
      Json.parse(body).path("keys").forEach(key -> kids.add(key.path("kid").asText()));
      return kids;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void limits_that_are_set_by_command_go_by_in_a_running_gateway() {
    Captured made = sluice("key", "create", "--tenant", "small");
    Map<String, String> small =
        Map.of(
            "SLUICE_URL", url.toString(),
            "SLUICE_MODEL", "qwen3:14b",
            "SLUICE_API_KEY", made.out().strip());
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Captured.run(small, "submit", "hello").exit() == 0);
    sluice("tenant", "set", "small", "--limit", "tenant_tokens_per_day=1");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Captured.run(small, "submit", "hello").err().contains("limit_never_fits"));
    sluice("tenant", "remove", "small");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Captured.run(small, "submit", "hello").exit() == 0);
  }

  @Test
  void another_tenants_job_does_not_exist() {
    String id = sluice("submit", "mine", "--detach").out().strip();
    String other = sluice("key", "create", "--tenant", "other").out().strip();
    Captured watched =
        Captured.run(Map.of("SLUICE_URL", url.toString(), "SLUICE_API_KEY", other), "watch", id);
    assertThat(watched.exit()).isEqualTo(Exit.REFUSED.code());
  }

  @Test
  void bench_finds_one_result_for_each_job() {
    Captured bench = sluice("bench", "--jobs", "40", "--tokens", "8", "--concurrency", "8");
    assertThat(bench.exit()).as(bench.out() + bench.err()).isZero();
    assertThat(bench.out()).contains("40 of 40 jobs have exactly one result", "jobs/s", "p99");
  }

  private static Captured sluice(String... arguments) {
    return Captured.run(environment(), arguments);
  }

  private static Map<String, String> environment() {
    return Map.of("SLUICE_URL", url.toString(), "SLUICE_DATA", data.toString());
  }
}
