package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.Delivery;
import io.sluice.Ending;
import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.ModelFacts;
import io.sluice.Output;
import io.sluice.Tenant;
import io.sluice.Usage;
import io.sluice.WorkerReport;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.embedded.Embedded;
import io.sluice.gateway.cache.CacheConfig;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Identical jobs over HTTP, and a worker played by hand. */
class CacheTest {
  private static final String ASKED =
      """
      {"model":"qwen3:14b","messages":[{"role":"user","content":"hi"}],
       "options":{"temperature":0},"max_output_tokens":16%s}""";

  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private Embedded embedded;
  private Gateway gateway;
  private String key;

  @BeforeEach
  void open() {
    embedded =
        Embedded.open(
            data, Admission.Bounds.DEFAULT, List.of(TestGateway.POOL), InstantSource.system());
    key = key("default");
    announce();
    describe(Optional.empty());
    gateway = EmbeddedGateway.start(vertx, embedded);
    awaitLook();
  }

  private void awaitLook() {
    await("nothing is shared before").until(() -> gateway.knowsModel(TestGateway.POOL));
  }

  private void restart(CacheConfig cache) {
    await(gateway.stop());
    gateway =
        EmbeddedGateway.start(vertx, embedded, new MemoryAudit(), config -> config.cache(cache));
    awaitLook();
  }

  private String key(String tenant) {
    ApiKeys.Generated made = ApiKeys.generate(tenant, ApiKey.ALL_SCOPES, Instant.now());
    await(embedded.directory().add(made.key()));
    return made.text();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .header("Authorization", "Bearer " + key);
  }

  private JsonNode get(String path) {
    return Json.parse(send(to(path)).body());
  }

  private HttpResponse<String> post(String body, String... headers) {
    HttpRequest.Builder request =
        to("/v1/jobs")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** One that has to run. */
  private String queued(String body, String... headers) {
    JsonNode job = Json.parse(post(body, headers).body());
    assertThat(job.path("state").asText()).isEqualTo("queued");
    assertThat(job.path("cached").isNull()).isTrue();
    return job.path("id").asText();
  }

  /** One whose answer is known. */
  private JsonNode hit(String body, String... headers) {
    HttpResponse<String> answer = post(body, headers);
    JsonNode job = Json.parse(answer.body());
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(job.path("state").asText()).isEqualTo("completed");
    assertThat(job.at("/cached/how").asText()).isEqualTo("hit");
    return job;
  }

  private static String asked() {
    return ASKED.formatted("");
  }

  private Delivery pull() {
    await()
        .until(
            () ->
                Lane.of(TestGateway.POOL).stream()
                    .anyMatch(lane -> await(embedded.queue().waiting(lane)) > 0));
    for (int number = 0; number < Lane.NUMBERS; number++) {
      Optional<Delivery> found =
          await(
              embedded
                  .queue()
                  .pull(new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, number)));
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new AssertionError("nothing waits");
  }

  private Claim claim(Delivery delivery) {
    return await(
        embedded
            .leases()
            .claim(
                new Leases.Request(
                    delivery.message(), "worker", UUID.randomUUID().toString(), false)));
  }

  private Leases.Lease granted(Delivery delivery) {
    return ((Claim.Granted) claim(delivery)).lease();
  }

  private void finish(Leases.Lease lease, String text) {
    await(
        embedded
            .leases()
            .finish(
                lease,
                new Ending.Completed(
                    new Output(text, Optional.of("hm"), List.of()), new Usage(9, 4))));
  }

  /** Runs a job to its end. */
  private String ran(String body, String... headers) {
    String id = queued(body, headers);
    Delivery delivery = pull();
    finish(granted(delivery), "hello");
    await(delivery.done());
    return id;
  }

  private String metrics() {
    return send(to("/metrics")).body();
  }

  @Test
  void a_known_answer_is_the_jobs_at_once_in_every_view_of_it() {
    String source = ran(asked());

    JsonNode job = hit(asked());

    String id = job.path("id").asText();
    assertThat(id).isNotEqualTo(source);
    assertThat(job.at("/cached/job").asText()).isEqualTo(source);
    assertThat(job.at("/output/text").asText()).isEqualTo("hello");
    assertThat(job.at("/usage/completion_tokens").asInt()).isEqualTo(4);
    assertThat(job.path("attempt").asInt()).isZero();
    assertThat(get("/v1/jobs/" + id)).isEqualTo(job);
    assertThat(get("/v1/jobs").path("data")).hasSize(2);
    assertThat(send(to("/v1/jobs/" + id + "/events")).body())
        .containsSubsequence(
            "event: start",
            "event: thinking",
            "event: token",
            "{\"text\":\"hello\"}",
            "event: end",
            source);
    assertThat(get("/v1/jobs/" + id + "/explain").path("steps"))
        .anySatisfy(
            step -> {
              assertThat(step.path("step").asText()).isEqualTo("answered");
              assertThat(step.path("detail").asText()).contains(source);
            });
    assertThat(send(to("/v1/jobs/" + id).DELETE()).statusCode()).isEqualTo(200);
    // The page is made at most once a second.
    await()
        .untilAsserted(
            () ->
                assertThat(metrics())
                    .contains("sluice_gateway_cache_jobs_total{result=\"hit\"} 1.0")
                    .contains("sluice_gateway_cache_jobs_total{result=\"missed\"} 1.0")
                    .contains("sluice_gateway_cache_saved_tokens_total{result=\"hit\"} 13.0"));
  }

  @Test
  void who_prefers_to_wait_has_it_as_200() {
    ran(asked());

    assertThat(post(asked(), "Prefer", "wait=5").statusCode()).isEqualTo(200);
  }

  @Test
  void the_order_of_fields_and_what_no_answer_depends_on_make_no_difference() {
    ran(asked());

    hit(
        """
        {"max_output_tokens":16,"options":{"temperature":0},"timeout":"60s","session":"other",
         "messages":[{"content":"hi","role":"user"}],"metadata":{"a":"b"},"kind":"chat",
         "model":"qwen3:14b"}""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"hi\" | \"hi \"",
        "16 | 17",
        "\"temperature\":0 | \"temperature\":0,\"seed\":1",
        "\"user\" | \"system\"",
      })
  void another_request_has_another_answer(String from, String to) {
    ran(asked());

    queued(asked().replace(from, to));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"temperature\":0.1", "\"top_k\":1", ""})
  void what_may_be_answered_otherwise_has_to_run(String options) {
    String body = asked().replace("\"temperature\":0", options);
    ran(body);

    queued(body);
  }

  @Test
  void a_seed_makes_a_request_deterministic() {
    String body = asked().replace("\"temperature\":0", "\"temperature\":0.7,\"seed\":5");
    ran(body);

    hit(body);
    queued(body.replace(":5", ":6"));
  }

  @Test
  void the_seed_that_asks_for_another_one_each_time_makes_none() {
    String body = asked().replace("\"temperature\":0", "\"temperature\":0.7,\"seed\":-1");
    ran(body);

    queued(body);
  }

  @Test
  void a_client_may_opt_in_with_the_age_that_it_takes() {
    String body = asked().replace("\"temperature\":0", "");
    ran(body, "Cache-Control", "max-age=600");

    hit(body, "Cache-Control", "max-age=600, only-if-cached");
    queued(body);
  }

  @Test
  void no_store_shares_nothing_in_either_direction() {
    ran(asked(), "Cache-Control", "private, no-store");
    queued(asked());
    Delivery delivery = pull();
    finish(granted(delivery), "hello");
    await(delivery.done());

    queued(asked(), "Cache-Control", "no-store");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "max-age=0", "max-age=60, No-Cache"})
  void no_cache_runs_anew_and_leaves_its_answer(String header) {
    ran(asked());
    String anew = ran(asked(), "Cache-Control", header);

    assertThat(hit(asked()).at("/cached/job").asText()).isEqualTo(anew);
  }

  @Test
  void another_tenant_has_its_own_answers() {
    ran(asked());
    key = key("other");

    queued(asked());
  }

  @Test
  void tenants_that_share_on_purpose_do_and_are_not_told_whose_job_it_was() {
    restart(new CacheConfig(CacheConfig.DEFAULT.terms(), Set.of("default", "other")));
    ran(asked());
    key = key("other");
    assertThat(hit(asked()).at("/cached/job").isNull()).isTrue();
    key = key("third");

    queued(asked());
  }

  @Test
  void an_administrator_makes_answers_be_forgotten() {
    ran(asked());
    assertThat(send(to("/admin/v1/cache?tenant=other").DELETE()).body())
        .isEqualTo("{\"forgotten\":0}");
    hit(asked());

    assertThat(send(to("/admin/v1/cache").DELETE()).body()).isEqualTo("{\"forgotten\":1}");

    queued(asked());
  }

  @Test
  void nothing_is_shared_where_the_installation_says_so() {
    restart(CacheConfig.OFF);
    ran(asked());

    queued(asked());
    assertThat(metrics()).doesNotContain("result=\"missed\"");
  }

  @Test
  void the_same_key_gets_the_same_job_and_another_key_another() {
    ran(asked());
    JsonNode first = hit(asked(), "Idempotency-Key", "a");

    HttpResponse<String> again = post(asked(), "Idempotency-Key", "a");
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(Json.parse(again.body())).isEqualTo(first);
    assertThat(hit(asked(), "Idempotency-Key", "b").path("id")).isNotEqualTo(first.path("id"));
  }

  @Test
  void a_hit_is_counted_as_a_request() {
    await(
        embedded
            .tenants()
            .put(
                new Tenant(
                    "default",
                    new Limits(Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 2L), Set.of()))));
    ran(asked());
    hit(asked());

    assertThat(post(asked()).statusCode()).isEqualTo(429);
  }

  @Test
  void an_identical_job_in_flight_is_joined_and_its_reader_gets_the_whole_text() {
    String leader = queued(asked());
    Delivery first = pull();
    Leases.Lease lease = granted(first);
    String follower = queued(asked());
    var stream =
        client.sendAsync(
            to("/v1/jobs/" + follower + "/events").build(), HttpResponse.BodyHandlers.ofString());
    Delivery second = pull();
    assertThat(claim(second)).isInstanceOf(Claim.NotYet.class);

    finish(lease, "hello");

    assertThat(stream.join().body())
        .containsSubsequence("event: start", "{\"text\":\"hello\"}", "event: end");
    JsonNode job = get("/v1/jobs/" + follower);
    assertThat(job.at("/cached/how").asText()).isEqualTo("joined");
    assertThat(job.at("/cached/job").asText()).isEqualTo(leader);
    assertThat(get("/v1/jobs/" + follower + "/explain").findValuesAsText("step"))
        .containsSubsequence("waited_for_answer", "answered", "ended");
    assertThat(claim(second)).isInstanceOf(Claim.Over.class);
  }

  @Test
  void a_follower_outlives_the_cancellation_of_its_leader() {
    String leader = queued(asked());
    Leases.Lease lease = granted(pull());
    String follower = queued(asked());
    Delivery second = pull();
    assertThat(claim(second)).isInstanceOf(Claim.NotYet.class);
    assertThat(send(to("/v1/jobs/" + leader).DELETE()).statusCode()).isEqualTo(202);
    await(
        embedded
            .leases()
            .finish(lease, new Ending.Cancelled(Optional.empty(), Output.NONE, Usage.NONE)));

    assertThat(get("/v1/jobs/" + follower).path("state").asText()).isEqualTo("queued");
    finish(granted(second), "own");

    assertThat(get("/v1/jobs/" + follower).at("/output/text").asText()).isEqualTo("own");
    assertThat(get("/v1/jobs/" + leader).path("state").asText()).isEqualTo("cancelled");
  }

  @Test
  void the_answer_of_a_model_that_was_replaced_is_found_no_more() {
    describe(Optional.of("sha256:old"));
    restart(CacheConfig.DEFAULT);
    ran(asked());
    hit(asked());

    describe(Optional.of("sha256:new"));
    await(gateway.stop());
    gateway = EmbeddedGateway.start(vertx, embedded);
    awaitLook();

    queued(asked());
  }

  @Test
  void nothing_is_shared_while_no_worker_has_told_of_the_model() {
    ran(asked());
    await(embedded.fleet().leave("worker"));
    await(gateway.stop());
    gateway = EmbeddedGateway.start(vertx, embedded);
    queued(asked());

    announce();
    await("a look at the fleet").until(() -> get("/api/ps").has("models"));
    queued(asked());

    describe(Optional.empty());
    awaitLook();
    hit(asked());
  }

  /** A worker says that it is there. */
  private void announce() {
    WorkerReport report =
        new WorkerReport(
            "worker",
            "host",
            "0",
            List.of(TestGateway.POOL),
            List.of(),
            WorkerReport.State.SERVING,
            0,
            Instant.now());
    await(embedded.fleet().announce(report, Duration.ofMinutes(1)));
  }

  /** It tells what it serves. */
  private void describe(Optional<String> digest) {
    ModelFacts facts =
        new ModelFacts(
            TestGateway.POOL.model(),
            digest,
            OptionalLong.empty(),
            Optional.empty(),
            "{}",
            List.of(),
            OptionalInt.empty(),
            "{}",
            Optional.empty());
    await(embedded.fleet().describe("worker", List.of(facts)));
  }
}
