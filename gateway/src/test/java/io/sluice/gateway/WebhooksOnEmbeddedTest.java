package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.AuditEvent.Action;
import io.sluice.Ending;
import io.sluice.JobId;
import io.sluice.JobMessage;
import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.Leases;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.Webhooks.InHand;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.embedded.Embedded;
import io.sluice.gateway.webhook.Local;
import io.sluice.gateway.webhook.Receiver;
import io.sluice.gateway.webhook.Receiver.Received;
import io.sluice.gateway.webhook.Receiver.Reply;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a submission to the message at its webhook, on the adapters that ship. */
class WebhooksOnEmbeddedTest {
  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Receiver receiver = new Receiver();
  private final MemoryAudit audit = new MemoryAudit();
  private Embedded embedded;
  private Gateway gateway;
  private String key;

  @BeforeEach
  void open() {
    openStore();
    key = key("default", ApiKey.ALL_SCOPES);
    startGateway();
  }

  private void openStore() {
    embedded =
        Embedded.open(
            data, Admission.Bounds.DEFAULT, List.of(TestGateway.POOL), InstantSource.system());
  }

  private void startGateway() {
    gateway =
        EmbeddedGateway.start(
            vertx, embedded, audit, config -> Minted.ed25519(config).webhooks(Local.allowed()));
  }

  @AfterEach
  void close() {
    await(gateway.stop());
    embedded.close();
    receiver.close();
    client.close();
    await(vertx.close());
  }

  private String key(String tenant, Set<String> scopes) {
    ApiKeys.Generated made = ApiKeys.generate(tenant, scopes, Instant.now());
    await(embedded.directory().add(made.key()));
    return made.text();
  }

  private record Answer(int status, JsonNode json) {}

  private Answer send(String method, String path, String body) {
    return send(key, method, path, body);
  }

  private Answer send(String as, String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .header("Authorization", "Bearer " + as)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
    return new Answer(response.statusCode(), Json.parse(response.body()));
  }

  private String secret(String overlap) {
    Answer made =
        send(
            "POST",
            "/admin/v1/tenants/default/webhook-secret",
            "{\"overlap\":\"" + overlap + "\"}");
    assertThat(made.status()).isEqualTo(201);
    return made.json().path("secret").asText();
  }

  private String secret() {
    return secret("24h");
  }

  private Answer submitTo(String url) {
    ObjectNode body = (ObjectNode) Json.parse(TestGateway.chat("hi"));
    body.withObject("metadata").put("order", "7");
    return send("POST", "/v1/jobs", Json.write(body.put("webhook", url)));
  }

  private JobId submitted(String url) {
    // A gateway goes by what is set for a tenant within a second.
    Answer answer = await().until(() -> submitTo(url), it -> it.status() == 202);
    return new JobId(answer.json().path("id").asText());
  }

  private JsonNode webhook(JobId id) {
    return send("GET", "/v1/jobs/" + id, "").json().path("webhook");
  }

  private JsonNode webhook(JobId id, String state) {
    return await().until(() -> webhook(id), it -> it.path("state").asText().equals(state));
  }

  private void complete(JobId id, String text) {
    JobRecord record = ((JobStore.Lookup.Found) await(embedded.store().find(id))).record();
    Leases.Request request =
        new Leases.Request(
            new JobMessage(record.job(), 0), "worker", UUID.randomUUID().toString(), false);
    var lease = ((Leases.Claim.Granted) await(embedded.leases().claim(request))).lease();
    Output output = new Output(text, Optional.empty(), List.of());
    await(embedded.leases().finish(lease, new Ending.Completed(output, new Usage(7, 2))));
  }

  @Test
  void the_end_of_a_job_is_told_signed_and_as_its_owner_sees_it() throws InterruptedException {
    String secret = secret();
    JobId id = submitted(receiver.url("/hook?a=b"));
    assertThat(webhook(id).path("state").asText()).isEqualTo("pending");
    assertThat(webhook(id).path("next_try").isNull()).isTrue();
    complete(id, "Hällo");

    Received told = receiver.next();

    assertThat(told.path()).isEqualTo("/hook?a=b");
    assertThat(told.header("content-type")).isEqualTo("application/json");
    assertThat(told.header("webhook-id")).startsWith("evt_").doesNotContain(".");
    assertThat(Long.parseLong(told.header("webhook-timestamp")))
        .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond() + 1);
    assertThat(told.isSignedWith(secret)).isTrue();
    JsonNode body = Json.parse(new String(told.body()));
    ObjectNode seen = (ObjectNode) send("GET", "/v1/jobs/" + id, "").json();
    seen.remove("webhook");
    assertThat(body.path("type").asText()).isEqualTo("job.completed");
    assertThat(body.path("timestamp")).isEqualTo(seen.path("ended_at"));
    assertThat(body.path("data")).isEqualTo(seen);
    assertThat(body.at("/data/output/text").asText()).isEqualTo("Hällo");
    JsonNode after = webhook(id, "delivered");
    assertThat(after.path("attempts").asInt()).isOne();
    assertThat(after.path("last_status").asInt()).isEqualTo(204);
  }

  @Test
  void a_large_answer_is_told_without_it() throws InterruptedException {
    secret();
    JobId id = submitted(receiver.url("/"));
    complete(id, "x".repeat(300_000));

    JsonNode data = Json.parse(new String(receiver.next().body())).path("data");

    assertThat(data.path("id").asText()).isEqualTo(id.value());
    assertThat(data.path("state").asText()).isEqualTo("completed");
    assertThat(data.at("/metadata/order").asText()).isEqualTo("7");
    assertThat(data.path("truncated").asBoolean()).isTrue();
    assertThat(data.has("output")).isFalse();
  }

  @Test
  void what_was_refused_is_told_again_under_the_same_name_with_a_signature_of_its_own()
      throws InterruptedException {
    String secret = secret();
    receiver.answers = it -> Reply.of(receiver.received.size() < 2 ? 503 : 200);
    JobId id = submitted(receiver.url("/"));
    send("DELETE", "/v1/jobs/" + id, "");

    Received first = receiver.next();
    JsonNode between = await().until(() -> webhook(id), it -> it.path("last_status").asInt() > 0);
    assertThat(between.path("state").asText()).isEqualTo("pending");
    assertThat(between.path("last_status").asInt()).isEqualTo(503);
    assertThat(between.path("last_problem").asText()).isEqualTo("status");
    Received second = receiver.next();

    assertThat(second.header("webhook-id")).isEqualTo(first.header("webhook-id"));
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.isSignedWith(secret)).isTrue();
    webhook(id, "delivered");
    JsonNode tries = send("GET", "/v1/jobs/" + id + "/explain", "").json().at("/webhook/tries");
    assertThat(tries).extracting(it -> it.path("status").asInt()).containsExactly(503, 200);
    assertThat(send("GET", "/v1/jobs/" + id + "/explain", "").json().path("steps"))
        .last()
        .satisfies(it -> assertThat(it.path("step").asText()).isEqualTo("ended"));
  }

  @Test
  void a_redirect_is_not_followed() throws InterruptedException {
    secret();
    try (Receiver elsewhere = new Receiver()) {
      receiver.answers =
          it -> new Reply(307, Map.of("Location", elsewhere.url("/stolen")), "moved");
      JobId id = submitted(receiver.url("/"));
      send("DELETE", "/v1/jobs/" + id, "");
      receiver.next();

      JsonNode state =
          await().until(() -> webhook(id), it -> it.path("last_status").asInt() == 307);
      assertThat(state.path("state").asText()).isEqualTo("pending");
      assertThat(state.toString()).doesNotContain("moved");
      assertThat(elsewhere.received).isEmpty();
    }
  }

  @Test
  void gone_ends_it_and_an_owner_may_have_it_told_again() throws InterruptedException {
    secret();
    receiver.answers = it -> Reply.of(410);
    JobId id = submitted(receiver.url("/"));
    assertThat(send("POST", "/v1/jobs/" + id + "/webhook/redeliver", "").json().path("code"))
        .hasToString("\"nothing_to_tell\"");
    send("DELETE", "/v1/jobs/" + id, "");
    Received first = receiver.next();
    assertThat(webhook(id, "failed").path("last_problem").asText()).isEqualTo("gone");
    assertThat(audit.events).extracting(it -> it.action()).contains(Action.WEBHOOK_GIVE_UP);

    receiver.answers = it -> Reply.of(200);
    Answer again = send("POST", "/v1/jobs/" + id + "/webhook/redeliver", "");

    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json().at("/webhook/state").asText()).isEqualTo("pending");
    assertThat(receiver.next().header("webhook-id")).isEqualTo(first.header("webhook-id"));
    webhook(id, "delivered");
    assertThat(audit.events).extracting(it -> it.action()).contains(Action.WEBHOOK_REDELIVER);
  }

  @Test
  void a_tenants_webhook_is_told_of_jobs_that_name_none() throws InterruptedException {
    Answer set =
        send(
            "PUT",
            "/admin/v1/tenants/default",
            "{\"limits\":{},\"webhook\":{\"url\":\"" + receiver.url("/all") + "\"}}");
    String secret = set.json().at("/webhook/secret").asText();
    assertThat(secret).startsWith("whsec_");
    assertThat(send("GET", "/admin/v1/tenants/default", "").json().toString())
        .doesNotContain(secret);
    assertThat(audit.events.toString()).doesNotContain(secret);
    JobId own = submitted(receiver.url("/own"));
    String plain = TestGateway.chat("hi");
    JobId id = new JobId(send("POST", "/v1/jobs", plain).json().path("id").asText());
    send("DELETE", "/v1/jobs/" + id, "");
    Received told = receiver.next();
    assertThat(told.path()).isEqualTo("/all");
    assertThat(told.isSignedWith(secret)).isTrue();
    send("DELETE", "/v1/jobs/" + own, "");
    assertThat(receiver.next().path()).isEqualTo("/own");

    assertThat(
            send("PUT", "/admin/v1/tenants/default", "{\"limits\":{},\"weight\":2}")
                .json()
                .at("/webhook/url")
                .asText())
        .isEqualTo(receiver.url("/all"));
    JsonNode without =
        send("PUT", "/admin/v1/tenants/default", "{\"limits\":{},\"webhook\":{}}").json();
    assertThat(without.at("/webhook/url").isNull()).isTrue();
    assertThat(without.at("/webhook/secrets")).hasSize(1);
  }

  private JobId onlyJob() {
    JsonNode jobs =
        await().until(() -> send("GET", "/v1/jobs", "").json().path("data"), it -> it.size() == 1);
    return new JobId(jobs.get(0).path("id").asText());
  }

  private void tellTenant(String url) {
    String body = "{\"limits\":{},\"webhook\":{\"url\":\"" + url + "\"}}";
    assertThat(send("PUT", "/admin/v1/tenants/default", body).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/api/chat", "/v1/responses"})
  void a_tenants_webhook_is_not_told_what_a_client_waited_for(String path) {
    tellTenant(receiver.url("/all"));
    ObjectNode body = (ObjectNode) Json.parse(TestGateway.chat("hi"));
    body.put("input", "hi").put("stream", false);
    body.remove(path.equals("/v1/responses") ? "messages" : "input");
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(() -> send("POST", path, Json.write(body)));
    JobId id = onlyJob();

    complete(id, "Hello");

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(webhook(id).isNull()).isTrue();
  }

  @Test
  void a_tenants_webhook_is_told_of_a_response_in_the_background() throws InterruptedException {
    tellTenant(receiver.url("/all"));
    String body = "{\"model\":\"qwen3:14b\",\"input\":\"hi\",\"background\":true}";
    assertThat(send("POST", "/v1/responses", body).status()).isEqualTo(200);
    JobId id = onlyJob();

    complete(id, "Hello");

    JsonNode told = Json.parse(new String(receiver.next().body()));
    assertThat(told.at("/data/id").asText()).isEqualTo(id.value());
  }

  @Test
  void during_a_rotation_both_secrets_sign() throws InterruptedException {
    String old = secret();
    String next = secret("1h");
    JobId id = submitted(receiver.url("/"));
    send("DELETE", "/v1/jobs/" + id, "");

    Received told = receiver.next();

    assertThat(told.header("webhook-signature").split(" ")).hasSize(2);
    assertThat(told.isSignedWith(old)).isTrue();
    assertThat(told.isSignedWith(next)).isTrue();
    // One that is still on its way would be left alone.
    webhook(id, "delivered");
    String alone = secret("0s");
    send("POST", "/v1/jobs/" + id + "/webhook/redeliver", "");
    Received after = receiver.next();
    assertThat(after.isSignedWith(alone)).isTrue();
    assertThat(after.isSignedWith(next)).isFalse();
  }

  @Test
  void a_submission_is_refused_whose_webhook_leads_inside_or_cannot_be_signed() {
    Answer unsigned = submitTo(receiver.url("/"));
    assertThat(unsigned.status()).isEqualTo(422);
    assertThat(unsigned.json().at("/errors/0/pointer").asText()).isEqualTo("/webhook");
    secret();
    for (String url : List.of("http://10.0.0.1/", "ftp://example.com/", "http://u:p@127.0.0.1/")) {
      Answer refused = submitTo(url);
      assertThat(refused.status()).as(url).isEqualTo(422);
      assertThat(refused.json().at("/errors/0/pointer").asText()).isEqualTo("/webhook");
    }
  }

  @Test
  void a_target_that_does_not_answer_holds_up_no_other_one() throws InterruptedException {
    secret();
    CountDownLatch never = new CountDownLatch(1);
    try (Receiver dead = new Receiver()) {
      dead.answers =
          it -> {
            try {
              never.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return Reply.of(200);
          };
      for (int n = 0; n < 12; n++) {
        send("DELETE", "/v1/jobs/" + submitted(dead.url("/")), "");
      }
      await().until(() -> dead.received.size() == 4);
      JobId id = submitted(receiver.url("/"));
      send("DELETE", "/v1/jobs/" + id, "");

      receiver.next();

      webhook(id, "delivered");
      assertThat(dead.received).hasSize(4);
    } finally {
      never.countDown();
    }
  }

  /** Whoever took it died: nothing says so but that its lease ends. */
  @Test
  void what_is_owed_when_everything_stops_is_told_after_the_next_start()
      throws InterruptedException {
    String secret = secret();
    JobId id = submitted(receiver.url("/"));
    await(gateway.stop());
    complete(id, "Hello");
    embedded.close();
    openStore();
    startGateway();

    assertThat(receiver.next().isSignedWith(secret)).isTrue();
    webhook(id, "delivered");
  }

  @Test
  void what_is_under_way_at_a_stop_is_given_back() throws InterruptedException {
    secret();
    CountDownLatch never = new CountDownLatch(1);
    receiver.answers =
        it -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Reply.of(200);
        };
    JobId id = submitted(receiver.url("/"));
    send("DELETE", "/v1/jobs/" + id, "");
    receiver.next();

    await(gateway.stop());

    await()
        .untilAsserted(
            () ->
                assertThat(await(embedded.webhooks().take(1, InHand.NOTHING)))
                    .singleElement()
                    .satisfies(it -> assertThat(it.id()).isEqualTo(id)));
    never.countDown();
    startGateway();
  }

  @Test
  void another_tenants_job_is_told_to_nobody_else() {
    secret();
    JobId id = submitted(receiver.url("/"));
    String stranger = key("stranger", Set.of("ollama:chat"));

    assertThat(send(stranger, "POST", "/v1/jobs/" + id + "/webhook/redeliver", "").status())
        .isEqualTo(404);
  }
}
