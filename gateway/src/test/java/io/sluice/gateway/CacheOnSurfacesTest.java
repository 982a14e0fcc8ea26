package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.Delivery;
import io.sluice.Embedding;
import io.sluice.Ending;
import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
import io.sluice.ModelFacts;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.embedded.Embedded;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients of Ollama and OpenAI that ask the same thing twice, and a worker played by hand. */
class CacheOnSurfacesTest {
  private static final String CHAT =
      "{'model':'qwen3:14b','messages':[{'role':'user','content':'hi'}],";
  private static final String SAID = "Grüße 🦊 \"quoted\"";

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
    ApiKeys.Generated made = ApiKeys.generate("default", ApiKey.ALL_SCOPES, Instant.now());
    await(embedded.directory().add(made.key()));
    key = made.text();
    await(
        embedded
            .fleet()
            .announce(MemoryFleet.serving("worker", TestGateway.POOL), Duration.ofMinutes(1)));
    await(embedded.fleet().describe("worker", List.of(nothingMore())));
    gateway = EmbeddedGateway.start(vertx, embedded);
    await("nothing is shared before").until(() -> gateway.knowsModel(TestGateway.POOL));
  }

  private static ModelFacts nothingMore() {
    return new ModelFacts(
        TestGateway.POOL.model(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        "{}",
        List.of(),
        OptionalInt.empty(),
        "{}",
        Optional.empty());
  }

  @AfterEach
  void close() {
    await(gateway.stop());
    embedded.close();
    await(vertx.close());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .header("Authorization", "Bearer " + key);
  }

  private CompletableFuture<HttpResponse<String>> ask(String path, String body, String... more) {
    HttpRequest.Builder request =
        to(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
    return client.sendAsync(
        (more.length == 0 ? request : request.headers(more)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode job(HttpResponse<String> answer) {
    String id = answer.headers().firstValue("X-Request-Id").orElseThrow();
    return Json.parse(
        client
            .sendAsync(to("/v1/jobs/" + id).build(), HttpResponse.BodyHandlers.ofString())
            .join()
            .body());
  }

  private Delivery pull() {
    return await("a job in the queue").until(this::pulled, Optional::isPresent).orElseThrow();
  }

  private Optional<Delivery> pulled() {
    return IntStream.range(0, Lane.NUMBERS)
        .mapToObj(n -> new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, n))
        .map(lane -> await(embedded.queue().pull(lane)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Claim claim(Delivery delivery) {
    String nonce = UUID.randomUUID().toString();
    return await(
        embedded.leases().claim(new Leases.Request(delivery.message(), "worker", nonce, false)));
  }

  private Leases.Lease granted(Delivery delivery) {
    return ((Claim.Granted) claim(delivery)).lease();
  }

  private void finish(Leases.Lease lease) {
    Output output =
        new Output(
            SAID, Optional.empty(), List.of(), Optional.empty(), List.of(new Embedding(0.25f, -1)));
    await(embedded.leases().finish(lease, new Ending.Completed(output, new Usage(9, 4))));
  }

  /**
   * Without what differs between two that got the same: streams are numbered by their logs, and a
   * duration of nothing is left out.
   */
  private static String same(String body) {
    return body.replaceAll("\"(created_at|id|item_id)\":\"[^\"]*\",?", "")
        .replaceAll("\"(created|\\w+_at|\\w+_duration|sequence_number)\":[0-9]+,?", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/chat              | {'model':'qwen3:14b','messages':[{'role':'user','content':'hi'}],'options':{'temperature':0}}",
        "/api/chat              | {'model':'qwen3:14b','messages':[{'role':'user','content':'hi'}],'options':{'seed':3},'stream':false}",
        "/api/generate          | {'model':'qwen3:14b','prompt':'hi','options':{'temperature':0}}",
        "/v1/chat/completions   | {'model':'qwen3:14b','messages':[{'role':'user','content':'hi'}],'temperature':0}",
        "/v1/chat/completions   | {'model':'qwen3:14b','messages':[{'role':'user','content':'hi'}],'seed':7,'stream':true,'stream_options':{'include_usage':true}}",
        "/v1/completions        | {'model':'qwen3:14b','prompt':'hi','temperature':0}",
        "/v1/responses          | {'model':'qwen3:14b','input':'hi','temperature':0}",
        "/v1/responses          | {'model':'qwen3:14b','input':'hi','temperature':0,'stream':true}",
        "/api/embed             | {'model':'qwen3:14b','input':['hi']}",
        "/api/embeddings        | {'model':'qwen3:14b','prompt':'hi'}",
        "/v1/embeddings         | {'model':'qwen3:14b','input':'hi','encoding_format':'base64'}",
      })
  void who_asks_again_gets_the_same_bytes_without_a_run(String path, String body) {
    CompletableFuture<HttpResponse<String>> first = ask(path, body);
    finish(granted(pull()));
    HttpResponse<String> ran = first.join();

    HttpResponse<String> hit = ask(path, body).join();

    assertThat(ran.statusCode()).as(ran.body()).isEqualTo(200);
    assertThat(hit.statusCode()).isEqualTo(200);
    assertThat(same(hit.body())).isEqualTo(same(ran.body()));
    assertThat(job(hit).at("/cached/how").asText()).isEqualTo("hit");
    assertThat(job(hit).at("/cached/job")).isEqualTo(job(ran).path("id"));
  }

  @Test
  void an_answer_is_shared_by_all_surfaces() {
    CompletableFuture<HttpResponse<String>> first =
        ask("/api/chat", CHAT + "'options':{'temperature':0},'stream':false}");
    finish(granted(pull()));

    JsonNode hit = Json.parse(ask("/v1/jobs", CHAT + "'options':{'temperature':0}}").join().body());

    assertThat(hit.at("/cached/job")).isEqualTo(job(first.join()).path("id"));
    assertThat(hit.at("/output/text").asText()).isEqualTo(SAID);
  }

  @Test
  void who_wants_a_run_of_its_own_gets_one() {
    String body = CHAT + "'options':{'temperature':0},'stream':false}";
    CompletableFuture<HttpResponse<String>> first = ask("/api/chat", body);
    finish(granted(pull()));
    first.join();

    CompletableFuture<HttpResponse<String>> own =
        ask("/api/chat", body, "Cache-Control", "no-store");
    finish(granted(pull()));

    assertThat(job(own.join()).path("cached").isNull()).isTrue();
  }

  @Test
  void streams_of_those_that_wait_for_the_same_answer_get_it_whole() {
    String body = CHAT + "'options':{'temperature':0}}";
    CompletableFuture<HttpResponse<String>> leader = ask("/api/chat", body);
    Leases.Lease lease = granted(pull());
    CompletableFuture<HttpResponse<String>> follower = ask("/api/chat", body);
    Delivery waiting = pull();
    assertThat(claim(waiting)).isInstanceOf(Claim.NotYet.class);

    finish(lease);

    assertThat(same(follower.join().body())).isEqualTo(same(leader.join().body()));
    assertThat(job(follower.join()).at("/cached/how").asText()).isEqualTo("joined");
    assertThat(claim(waiting)).isInstanceOf(Claim.Over.class);
  }

  @Test
  void a_client_that_leaves_takes_its_own_job_along_and_no_other() {
    String body = CHAT + "'options':{'temperature':0},'stream':false}";
    CompletableFuture<HttpResponse<String>> leader = ask("/api/chat", body);
    Leases.Lease lease = granted(pull());
    CompletableFuture<HttpResponse<String>> follower = ask("/api/chat", body);
    Delivery waiting = pull();
    assertThat(claim(waiting)).isInstanceOf(Claim.NotYet.class);

    leader.cancel(true);
    await("its job is told")
        .until(() -> await(embedded.leases().renew(lease)) == Leases.Renewal.CANCELLING);
    finish(lease);

    finish(granted(waiting));
    assertThat(follower.join().statusCode()).isEqualTo(200);
    assertThat(job(follower.join()).path("cached").isNull()).isTrue();
  }
}
