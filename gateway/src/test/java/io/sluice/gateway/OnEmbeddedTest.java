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
import io.sluice.JobEvent;
import io.sluice.Lane;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway on the adapters that it ships with, a worker played by hand beside it. */
class OnEmbeddedTest {
  private static final Lane.Ready READY = new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, 0);

  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private Embedded embedded;
  private Gateway gateway;
  private String key = "";

  @BeforeEach
  void open() {
    embedded =
        Embedded.open(
            data, Admission.Bounds.DEFAULT, List.of(TestGateway.POOL), InstantSource.system());
    if (key.isEmpty()) {
      ApiKeys.Generated made = ApiKeys.generate("default", ApiKey.ALL_SCOPES, Instant.now());
      await(embedded.directory().add(made.key()));
      key = made.text();
    }
    gateway = EmbeddedGateway.start(vertx, embedded);
  }

  void stop() {
    await(gateway.stop());
    embedded.close();
  }

  @AfterEach
  void close() {
    stop();
    client.close();
    await(vertx.close());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .header("Authorization", "Bearer " + key);
  }

  private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode get(String path) {
    return Json.parse(send(to(path)).join().body());
  }

  private CompletableFuture<HttpResponse<String>> submit(String key) {
    return send(
        to("/v1/jobs")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString(TestGateway.chat("hi"))));
  }

  private Leases.Lease claim(Delivery delivery) {
    Leases.Request request = new Leases.Request(delivery.message(), "worker", "nonce", false);
    return ((Claim.Granted) await(embedded.leases().claim(request))).lease();
  }

  private Delivery pull() {
    return await(embedded.queue().pull(READY)).orElseThrow();
  }

  @Test
  void a_job_runs_is_read_live_and_shows_its_result() {
    String id = Json.parse(submit("k").join().body()).path("id").asText();
    CompletableFuture<HttpResponse<String>> stream = send(to("/v1/jobs/" + id + "/events"));
    CompletableFuture<HttpResponse<String>> poll = send(to("/v1/jobs/" + id + "?wait=30"));
    Delivery delivery = pull();
    Leases.Lease lease = claim(delivery);
    await(embedded.events().append(lease, 1, List.of(new JobEvent.Token("Hel"))));
    await(embedded.events().append(lease, 2, List.of(new JobEvent.Token("lo"))));
    Output output = new Output("Hello", Optional.empty(), List.of());
    await(embedded.leases().finish(lease, new Ending.Completed(output, new Usage(7, 2))));
    await(delivery.done());
    String events = stream.join().body();
    assertThat(events.lines().filter(line -> line.startsWith("event: ")))
        .containsExactly("event: start", "event: token", "event: token", "event: end");
    assertThat(Json.parse(poll.join().body()).at("/output/text").asText()).isEqualTo("Hello");
    String end =
        events.lines().filter(line -> line.startsWith("id: ")).reduce((a, b) -> b).orElseThrow();
    HttpResponse<String> over =
        send(to("/v1/jobs/" + id + "/events").header("Last-Event-ID", end.substring(4))).join();
    assertThat(over.statusCode()).isEqualTo(204);
  }

  @Test
  void fifty_submissions_with_one_key_at_once_are_one_message() {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(submit("k"));
    }
    assertThat(answers).extracting(answer -> answer.join().statusCode()).containsOnly(202);
    assertThat(answers)
        .extracting(answer -> Json.parse(answer.join().body()).path("id").asText())
        .containsOnly(Json.parse(answers.getFirst().join().body()).path("id").asText());
    assertThat(await(embedded.queue().waiting(READY))).isEqualTo(1);
  }

  @Test
  void a_job_survives_a_restart_of_everything() {
    String id = Json.parse(submit("k").join().body()).path("id").asText();
    stop();
    open();
    assertThat(get("/v1/jobs/" + id).path("state").asText()).isEqualTo("queued");
    assertThat(pull().message().job().id().value()).isEqualTo(id);
    assertThat(submit("k").join().headers().firstValue("Idempotent-Replayed")).contains("true");
  }

  @Test
  void a_queued_job_is_cancelled_and_listed_as_such() {
    String id = Json.parse(submit("k").join().body()).path("id").asText();
    CompletableFuture<HttpResponse<String>> stream = send(to("/v1/jobs/" + id + "/events"));
    assertThat(send(to("/v1/jobs/" + id).DELETE()).join().statusCode()).isEqualTo(200);
    assertThat(stream.join().body()).contains("event: end").contains("\"state\":\"cancelled\"");
    JsonNode listed = get("/v1/jobs?state=cancelled").path("data");
    assertThat(listed).hasSize(1);
  }

  @Test
  void it_is_ready_and_a_running_job_is_cancelling() {
    assertThat(get("/health/ready").path("status").asText()).isEqualTo("ready");
    String id = Json.parse(submit("k").join().body()).path("id").asText();
    Leases.Lease lease = claim(pull());
    assertThat(send(to("/v1/jobs/" + id).DELETE()).join().statusCode()).isEqualTo(202);
    await().until(() -> await(embedded.leases().renew(lease)) == Leases.Renewal.CANCELLING);
  }
}
