package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.FileStore;
import io.sluice.Job;
import io.sluice.MemoryFileStore;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.embedded.Embedded;
import io.sluice.gateway.batch.BatchConfig;
import io.sluice.gateway.files.Files;
import io.sluice.gateway.files.Purpose;
import io.sluice.gateway.files.StoredFile;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a batch on the embedded adapters, with a played worker, and drivers that die. */
class BatchesOnEmbeddedTest {
  private static final String ENDPOINT = "/v1/chat/completions";

  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryFileStore files = new MemoryFileStore();
  private final Files tenantFiles = new Files(files, InstantSource.system());
  private final List<Gateway> gateways = new ArrayList<>();
  private Embedded embedded;
  private PlayedWorker worker;
  private String key = "";

  @BeforeEach
  void open() {
    embedded =
        Embedded.open(
            data, Admission.Bounds.DEFAULT, List.of(TestGateway.POOL), InstantSource.system());
    key = key("default");
    worker = new PlayedWorker(embedded).start();
  }

  @AfterEach
  void close() {
    gateways.forEach(gateway -> await(gateway.stop()));
    worker.close();
    embedded.close();
    client.close();
    await(vertx.close());
  }

  private String key(String tenant) {
    return key(tenant, ApiKey.ALL_SCOPES);
  }

  private Gateway gateway() {
    return gateway(files);
  }

  private Gateway gateway(FileStore own) {
    return gateway(own, UnaryOperator.identity());
  }

  private Gateway gateway(FileStore own, UnaryOperator<GatewayConfig> settings) {
    Gateway gateway = EmbeddedGateway.start(vertx, embedded, new MemoryAudit(), own, settings);
    gateways.add(gateway);
    return gateway;
  }

  private HttpResponse<String> send(
      Gateway gateway, String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + key)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private JsonNode get(Gateway gateway, String id) {
    return Json.parse(send(gateway, "GET", "/v1/batches/" + id, "").body());
  }

  private JsonNode post(Gateway gateway, String id, String verb) {
    HttpResponse<String> answer = send(gateway, "POST", "/v1/batches/" + id + "/" + verb, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body());
  }

  private static String line(String customId, String prompt) {
    return "{\"custom_id\":\""
        + customId
        + "\",\"method\":\"POST\",\"url\":\""
        + ENDPOINT
        + "\",\"body\":{\"model\":\"qwen3:14b\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + prompt
        + "\"}]}}";
  }

  private static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> line("c" + i, i % 5 == 3 ? "fail " + i : "question " + i))
        .collect(Collectors.joining("\n"));
  }

  private String upload(String text) {
    StoredFile.Terms terms = new StoredFile.Terms("in.jsonl", Purpose.BATCH, Optional.empty());
    return tenantFiles.create("default", terms, text.getBytes(StandardCharsets.UTF_8)).id().value();
  }

  private String key(String tenant, Set<String> scopes) {
    ApiKeys.Generated made = ApiKeys.generate(tenant, scopes, Instant.now());
    await(embedded.directory().add(made.key()));
    return made.text();
  }

  private String wish(String file) {
    return "{\"input_file_id\":\""
        + file
        + "\",\"endpoint\":\""
        + ENDPOINT
        + "\",\"completion_window\":\"24h\",\"metadata\":{\"of\":\"me\"}}";
  }

  private String create(Gateway gateway, String text) {
    HttpResponse<String> answer = send(gateway, "POST", "/v1/batches", wish(upload(text)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body()).path("id").asText();
  }

  private JsonNode ended(Gateway gateway, String id) {
    return await("the end of " + id)
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> get(gateway, id),
            it ->
                List.of("completed", "failed", "expired", "cancelled")
                    .contains(it.path("status").asText()));
  }

  private List<JsonNode> content(JsonNode fileId) {
    if (fileId.isNull()) {
      return List.of();
    }
    StoredFile file = tenantFiles.find("default", fileId.asText()).orElseThrow();
    assertThat(file.terms().purpose()).isEqualTo(Purpose.BATCH_OUTPUT);
    assertThat(file.terms().expiresAt()).isPresent();
    try (FileStore.Content content = tenantFiles.open(file, 0).orElseThrow()) {
      String text = new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(Json::parse).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<JsonNode> results(Gateway gateway, String id, String query) {
    return send(gateway, "GET", "/v1/batches/" + id + "/results" + query, "")
        .body()
        .lines()
        .filter(line -> !line.isBlank())
        .map(Json::parse)
        .toList();
  }

  private static List<String> customIds(List<JsonNode> lines) {
    return lines.stream().map(it -> it.path("custom_id").asText()).sorted().toList();
  }

  /** What was run more than once, by names of lines. */
  private List<String> ranTwice() {
    return worker.ran.stream()
        .map(job -> job.metadata().get("batch_id") + " " + job.metadata().get("custom_id"))
        .collect(Collectors.groupingBy(it -> it, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .filter(it -> it.getValue() > 1)
        .map(it -> it.getKey())
        .toList();
  }

  /** All twenty lines, of which four fail. */
  private void assertWhole(JsonNode batch) {
    assertThat(batch.path("status").asText()).isEqualTo("completed");
    assertThat(batch.path("request_counts"))
        .isEqualTo(Json.parse("{\"total\":20,\"completed\":16,\"failed\":4}"));
    assertThat(batch.at("/usage/total_tokens").asLong()).isEqualTo(16 * 13);
    List<JsonNode> answers = content(batch.path("output_file_id"));
    List<JsonNode> errors = content(batch.path("error_file_id"));
    assertThat(customIds(errors)).containsExactly("c13", "c18", "c3", "c8");
    assertThat(answers).hasSize(16).doesNotHaveDuplicates();
    assertThat(answers)
        .allMatch(
            it ->
                it.at("/response/body/choices/0/message/content")
                    .asText()
                    .equals("you said " + it.path("custom_id").asText()));
  }

  @Test
  void a_batch_runs_to_its_end_and_has_an_output_file_and_an_error_file() {
    Gateway gateway = gateway();
    String id = create(gateway, lines(20));
    JsonNode batch = ended(gateway, id);
    assertWhole(batch);
    assertThat(ranTwice()).isEmpty();
    assertThat(batch.path("object").asText()).isEqualTo("batch");
    assertThat(batch.path("model").asText()).isEqualTo("qwen3:14b");
    assertThat(batch.at("/metadata/of").asText()).isEqualTo("me");
    assertThat(batch.path("expires_at").asLong() - batch.path("created_at").asLong())
        .isEqualTo(86_400);
    for (String time : List.of("in_progress_at", "finalizing_at", "completed_at")) {
      assertThat(batch.path(time).asLong()).as(time).isPositive();
    }
    for (String never :
        List.of("failed_at", "expired_at", "cancelling_at", "cancelled_at", "errors")) {
      assertThat(batch.get(never).isNull()).as(never).isTrue();
    }
    JsonNode error = content(batch.path("error_file_id")).getFirst();
    assertThat(error.at("/response/status_code").asInt()).isEqualTo(502);
    assertThat(error.at("/response/body/error/code").asText()).isEqualTo("runaway_repetition");
    assertThat(worker.ran).allMatch(job -> job.metadata().get("batch_id").equals(id));
  }

  @Test
  void an_input_file_with_faults_makes_a_failed_batch_that_tells_all_of_them() {
    Gateway gateway = gateway();
    String id =
        create(gateway, line("a", "x") + "\nnonsense\n" + line("a", "x").replace("POST", "GET"));
    JsonNode batch = ended(gateway, id);
    assertThat(batch.path("status").asText()).isEqualTo("failed");
    assertThat(batch.path("failed_at").asLong()).isPositive();
    assertThat(batch.at("/errors/object").asText()).isEqualTo("list");
    assertThat(batch.at("/errors/data"))
        .extracting(it -> it.path("line").asInt() + " " + it.path("code").asText())
        .containsExactly("2 invalid_json_line", "3 duplicate_custom_id", "3 invalid_request");
    assertThat(worker.ran).isEmpty();
    assertThat(batch.get("output_file_id").isNull()).isTrue();
  }

  @Test
  void a_driver_that_dies_at_any_step_is_followed_by_one_that_goes_on() {
    Gateway healthy = null;
    int step = 0;
    boolean died = true;
    while (died) {
      worker.hold(step % 2 == 1);
      // The first four are those of the request that makes it.
      MortalFiles mortal = new MortalFiles(files, 4 + step);
      Gateway dying = gateway(mortal);
      String id = create(dying, lines(20));
      worker.hold(false);
      await().until(() -> mortal.isDead() || ended(files, id));
      died = mortal.isDead();
      await(dying.stop());
      gateways.remove(dying);
      healthy = gateway();
      assertWhole(ended(healthy, id));
      assertThat(ranTwice()).as("died after " + step).isEmpty();
      await().until(() -> ended(files, id));
      await(healthy.stop());
      gateways.remove(healthy);
      step++;
    }
    assertThat(step).isGreaterThan(7);
    long made = files.names().stream().filter(it -> it.startsWith("files/default/facts/")).count();
    assertThat(made).as("an input, an output and errors of each").isEqualTo(3L * step);
    assertThat(files.names()).noneMatch(it -> it.startsWith("open/") || it.contains("/pins/"));
  }

  private static boolean ended(MemoryFileStore files, String id) {
    return files.names().stream().noneMatch(it -> it.startsWith("open/batch/" + id));
  }

  @Test
  void a_batch_whose_making_broke_off_is_driven_if_anybody_can_see_it() {
    String wish = wish(upload(lines(5)));
    for (int step = 0; step < 4; step++) {
      Gateway dying = gateway(new MortalFiles(files, step));
      assertThat(send(dying, "POST", "/v1/batches", wish).statusCode()).isEqualTo(503);
      await(dying.stop());
      gateways.remove(dying);
    }
    Gateway healthy = gateway();
    JsonNode seen = Json.parse(send(healthy, "GET", "/v1/batches", "").body()).path("data");
    assertThat(seen).hasSize(1);
    assertThat(counted(ended(healthy, seen.at("/0/id").asText()))).isEqualTo(5);
  }

  @Test
  void what_a_driver_that_went_left_in_the_queue_of_a_cancelled_batch_does_not_run() {
    Gateway first = gateway();
    worker.hold(true);
    String id = create(first, lines(20));
    await().until(() -> queued(first) == 20);
    await(first.stop());
    gateways.remove(first);
    write("batches/default/" + turned(id) + "/control/cancel.json", "{\"at\":0}");

    Gateway next = gateway();
    assertThat(ended(next, id).path("status").asText()).isEqualTo("cancelled");
    assertThat(queued(next)).isZero();
  }

  private int queued(Gateway gateway) {
    String jobs = send(gateway, "GET", "/v1/jobs?state=queued&limit=100", "").body();
    return Json.parse(jobs).path("data").size();
  }

  @Test
  void two_drivers_at_once_run_no_line_twice_and_make_one_file_of_each() {
    Gateway one = gateway();
    Gateway other = gateway();
    List<String> ids = List.of(create(one, lines(20)), create(other, lines(20)));
    ids.forEach(id -> assertWhole(ended(one, id)));
    ids.forEach(id -> assertThat(get(other, id)).isEqualTo(get(one, id)));
    assertThat(ranTwice()).isEmpty();
    assertThat(worker.ran).hasSize(40);
    assertThat(files.names().stream().filter(it -> it.startsWith("files/default/facts/")))
        .hasSize(6);
  }

  @Test
  void a_cancelled_batch_keeps_what_it_has_and_says_of_the_rest_that_it_was_cancelled() {
    Gateway gateway = gateway();
    String id = create(gateway, lines(20));
    await().until(() -> get(gateway, id).at("/request_counts/completed").asInt() > 0);
    worker.hold(true);
    String held = create(gateway, lines(20));
    await().until(() -> get(gateway, held).path("status").asText().equals("in_progress"));
    JsonNode cancelling = post(gateway, held, "cancel");
    assertThat(cancelling.path("status").asText()).isIn("cancelling", "cancelled");
    JsonNode batch = ended(gateway, held);
    assertThat(batch.path("status").asText()).isEqualTo("cancelled");
    assertThat(batch.path("cancelled_at").asLong()).isPositive();
    assertThat(batch.path("cancelling_at").asLong()).isPositive();
    List<JsonNode> errors = content(batch.path("error_file_id"));
    List<JsonNode> answers = content(batch.path("output_file_id"));
    assertThat(errors.size() + answers.size()).isEqualTo(20);
    assertThat(errors)
        .filteredOn(it -> it.path("response").isNull())
        .isNotEmpty()
        .allMatch(it -> it.at("/error/code").asText().equals("batch_cancelled"));
    assertThat(post(gateway, held, "cancel")).isEqualTo(batch);
    worker.hold(false);
    ended(gateway, id);
    HttpResponse<String> late = send(gateway, "POST", "/v1/batches/" + id + "/cancel", "");
    assertThat(late.statusCode()).isEqualTo(400);
    assertThat(Json.parse(late.body()).at("/error/code").asText())
        .isEqualTo("invalid_batch_status");
  }

  @Test
  void a_paused_batch_begins_nothing_more_until_it_is_resumed() {
    Gateway gateway = gateway();
    worker.hold(true);
    String id = create(gateway, lines(400));
    await().until(() -> get(gateway, id).path("status").asText().equals("in_progress"));
    assertThat(post(gateway, id, "pause").path("paused").asBoolean()).isTrue();
    worker.hold(false);
    // What was under way comes to its end: the bound of a group, and the one that waited for it.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> counted(get(gateway, id)), it -> it >= 256 && it < 400);
    assertThat(get(gateway, id).path("status").asText()).isEqualTo("in_progress");
    assertThat(post(gateway, id, "resume").path("paused").asBoolean()).isFalse();
    assertThat(counted(ended(gateway, id))).isEqualTo(400);
  }

  private static int counted(JsonNode batch) {
    return batch.at("/request_counts/completed").asInt()
        + batch.at("/request_counts/failed").asInt();
  }

  @Test
  void what_failed_is_run_again_as_a_batch_of_its_own() {
    Gateway gateway = gateway();
    String id = create(gateway, lines(20));
    ended(gateway, id);
    JsonNode again = post(gateway, id, "retry");
    assertThat(again.path("retry_of").asText()).isEqualTo(id);
    JsonNode batch = ended(gateway, again.path("id").asText());
    assertThat(batch.path("request_counts"))
        .isEqualTo(Json.parse("{\"total\":4,\"completed\":0,\"failed\":4}"));
    assertThat(customIds(content(batch.path("error_file_id"))))
        .containsExactly("c13", "c18", "c3", "c8");
    key = key("default", Set.of("batch", "ollama:embed"));
    assertThat(send(gateway, "POST", "/v1/batches/" + id + "/retry", "").statusCode())
        .isEqualTo(403);
    key = key("default");
    String whole = create(gateway, line("only", "x"));
    ended(gateway, whole);
    assertThat(send(gateway, "POST", "/v1/batches/" + whole + "/retry", "").statusCode())
        .isEqualTo(400);
  }

  @Test
  void results_are_read_while_it_runs_and_from_where_a_reader_was() {
    Gateway gateway = gateway();
    String id = create(gateway, lines(20));
    List<JsonNode> all = results(gateway, id, "");
    assertThat(all)
        .extracting(it -> it.path("seq").asInt())
        .isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
    assertThat(customIds(all)).doesNotHaveDuplicates();
    assertThat(results(gateway, id, "?after=15&wait=0")).isEqualTo(all.subList(15, 20));
    assertThat(results(gateway, id, "?after=20")).isEmpty();
    JsonNode batch = ended(gateway, id);
    List<String> files = new ArrayList<>(customIds(content(batch.path("output_file_id"))));
    files.addAll(customIds(content(batch.path("error_file_id"))));
    assertThat(files).containsExactlyInAnyOrderElementsOf(customIds(all));
  }

  @Test
  void a_key_makes_one_batch_however_often_it_comes() {
    Gateway gateway = gateway();
    String wish = wish(upload(lines(5)));
    HttpResponse<String> first = send(gateway, "POST", "/v1/batches", wish, "Idempotency-Key", "k");
    HttpResponse<String> again = send(gateway, "POST", "/v1/batches", wish, "Idempotency-Key", "k");
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(Json.parse(again.body()).path("id")).isEqualTo(Json.parse(first.body()).path("id"));
    HttpResponse<String> other =
        send(gateway, "POST", "/v1/batches", wish.replace("24h", "25h"), "Idempotency-Key", "k");
    assertThat(Json.parse(other.body()).at("/error/code").asText())
        .isEqualTo("idempotency_key_reused");
    ended(gateway, Json.parse(first.body()).path("id").asText());
    assertThat(worker.ran).hasSize(5);
  }

  @Test
  void open_batches_and_lines_are_bounded() {
    BatchConfig bounds = new BatchConfig(10, 1, Duration.ofDays(30));
    Gateway gateway = gateway(files, config -> config.limits(Bounds.DEFAULT.batches(bounds)));
    worker.hold(true);
    String open = create(gateway, lines(10));
    HttpResponse<String> refused = send(gateway, "POST", "/v1/batches", wish(upload(lines(1))));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(Json.parse(refused.body()).at("/error/code").asText()).isEqualTo("too_many_batches");
    worker.hold(false);
    ended(gateway, open);
    await()
        .until(
            () ->
                send(gateway, "GET", "/v1/batches", "").statusCode() == 200 && ended(files, open));
    JsonNode tooLong = ended(gateway, create(gateway, lines(11)));
    assertThat(tooLong.at("/errors/data/0/code").asText()).isEqualTo("too_many_tasks");
  }

  @Test
  void a_batch_needs_its_own_scope_and_that_of_its_endpoint_and_a_file_that_is_there() {
    Gateway gateway = gateway();
    String wish = wish(upload(lines(1)));
    String whole = key;
    for (Set<String> less : List.of(Set.of("batch", "ollama:embed"), Set.of("ollama:chat"))) {
      key = key("default", less);
      assertThat(send(gateway, "POST", "/v1/batches", wish).statusCode()).isEqualTo(403);
    }
    key = whole;
    HttpResponse<String> none = send(gateway, "POST", "/v1/batches", wish("file-none"));
    assertThat(none.statusCode()).isEqualTo(400);
    assertThat(Json.parse(none.body()).at("/error/param").asText()).isEqualTo("input_file_id");
    HttpResponse<String> faulty =
        send(
            gateway,
            "POST",
            "/v1/batches",
            wish.replace("24h", "30m").replace(ENDPOINT, "/v1/images").replace("\"me\"", "5"));
    assertThat(Json.parse(faulty.body()).at("/error/message").asText())
        .contains("'endpoint'", "'completion_window'", "'metadata.of'");
  }

  @Test
  void a_batch_whose_input_file_is_gone_ends_with_what_it_has() {
    Gateway gateway = gateway();
    worker.hold(true);
    String id = create(gateway, lines(400));
    await().until(() -> get(gateway, id).path("status").asText().equals("in_progress"));
    files.delete("files/default/contents/" + get(gateway, id).path("input_file_id").asText());
    post(gateway, id, "pause");
    worker.hold(false);
    post(gateway, id, "cancel");
    JsonNode batch = ended(gateway, id);
    assertThat(batch.path("status").asText()).isIn("failed", "cancelled");
  }

  @Test
  void batches_are_listed_newest_first_page_by_page() {
    Gateway gateway = gateway();
    List<String> made =
        IntStream.range(0, 5).mapToObj(i -> create(gateway, line("a", "x"))).toList().reversed();
    JsonNode first = Json.parse(send(gateway, "GET", "/v1/batches?limit=2", "").body());
    assertThat(first.path("object").asText()).isEqualTo("list");
    assertThat(first.path("has_more").asBoolean()).isTrue();
    assertThat(first.path("data"))
        .extracting(it -> it.path("id").asText())
        .isEqualTo(sorted(made).subList(0, 2));
    String after = first.path("last_id").asText();
    JsonNode rest = Json.parse(send(gateway, "GET", "/v1/batches?after=" + after, "").body());
    assertThat(rest.path("data")).hasSize(3);
    assertThat(rest.path("has_more").asBoolean()).isFalse();
    key = key("another");
    JsonNode none = Json.parse(send(gateway, "GET", "/v1/batches", "").body());
    assertThat(none.path("data")).isEmpty();
    assertThat(get(gateway, made.getFirst()).at("/error/code").asText())
        .isEqualTo("batch_not_found");
  }

  /** Those of one millisecond have no order among each other but that of their ids. */
  private static List<String> sorted(List<String> ids) {
    return ids.stream().sorted(java.util.Comparator.reverseOrder()).toList();
  }

  @Test
  void a_batch_whose_window_ends_keeps_what_it_has_and_says_of_the_rest_that_it_expired() {
    Gateway gateway = gateway();
    worker.hold(true);
    String id = create(gateway, lines(20));
    await().until(() -> get(gateway, id).path("status").asText().equals("in_progress"));
    String late = shortened(id, Duration.ofSeconds(3));
    worker.hold(false);
    await().until(() -> worker.ran.stream().anyMatch(job -> of(job).equals(late)));
    worker.hold(true);
    JsonNode batch = ended(gateway, late);
    assertThat(batch.path("status").asText()).isIn("expired", "completed");
    String over = shortened(id, Duration.ofSeconds(-1));
    JsonNode expired = ended(gateway, over);
    assertThat(expired.path("status").asText()).isEqualTo("expired");
    assertThat(expired.path("expired_at").asLong()).isPositive();
    assertThat(expired.get("output_file_id").isNull()).isTrue();
    assertThat(content(expired.path("error_file_id")))
        .hasSize(20)
        .allMatch(it -> it.at("/error/code").asText().equals("batch_expired"));
    worker.hold(false);
    assertWhole(ended(gateway, id));
  }

  private static String of(Job job) {
    return job.metadata().getOrDefault("batch_id", "");
  }

  /** Another batch like it, whose window ends so soon. */
  private String shortened(String id, Duration left) {
    String folder =
        files.names().stream()
            .filter(it -> it.endsWith("/batch.json"))
            .filter(it -> read(it).contains(id))
            .findFirst()
            .orElseThrow();
    char last = id.endsWith("0") ? '1' : '0';
    String other = id.substring(0, id.length() - 2) + last + (left.isNegative() ? '1' : '0');
    String json =
        read(folder)
            .replace(id, other)
            .replaceAll(
                "\"expires_at\":[0-9]+",
                "\"expires_at\":" + Instant.now().plus(left).toEpochMilli());
    write("batches/default/" + turned(other) + "/batch.json", json);
    write("open/batch/" + other + ".default", "");
    return other;
  }

  /** The name of a batch's folder. */
  private static String turned(String id) {
    return id.substring("batch_".length())
        .chars()
        .mapToObj(c -> Integer.toHexString(15 - Character.digit(c, 16)))
        .collect(Collectors.joining());
  }

  private String read(String name) {
    try (FileStore.Content content = files.read(name, 0).orElseThrow()) {
      return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void write(String name, String text) {
    try (FileStore.Draft draft = files.create(name)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      draft.write(bytes, 0, bytes.length);
      draft.commit();
    }
  }
}
