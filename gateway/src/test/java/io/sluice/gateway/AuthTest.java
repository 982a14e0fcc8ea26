package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.auth.ApiKeys;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthTest {
  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/jobs",
        "/v1/jobs/job_x",
        "/v1/jobs/job_x/events",
        "/nothing",
        "/api/tags",
        "/v1/models",
        "/health/live/",
        "/health/live/../../v1/jobs",
        "/HEALTH/live",
        "/metrics;/x",
        "/metrics%2fx",
        "//v1/jobs",
        "/openapi.yaml%00"
      })
  void nothing_but_the_public_pages_answers_without_a_key(String path) {
    Answer answer = sluice.get(path, "Authorization", "");
    assertThat(answer.status()).isIn(401, 400);
    assertThat(answer.header("WWW-Authenticate").isEmpty()).isEqualTo(answer.status() == 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/api/version", "/health/live", "/health/ready", "/metrics", "/openapi.yaml"})
  void the_public_pages_need_no_key(String path) {
    assertThat(sluice.get(path, "Authorization", "").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Bearer", "Bearer ", "Bearer sk_", "Basic YTpi", "sk_", "Bearer sk_'; DROP", "x"})
  void what_is_no_key_is_401_without_a_look_up(String header) {
    Answer answer = sluice.get("/v1/jobs", "Authorization", header);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.code()).isEqualTo("unauthorized");
    assertThat(sluice.directory.lookups).isZero();
  }

  @Test
  void an_unknown_key_and_a_wrong_secret_read_the_same() {
    ApiKeys.Generated unknown = ApiKeys.generate("default", Set.of(), Instant.now());
    Answer first = sluice.get("/v1/jobs", "Authorization", "Bearer " + unknown.text());
    Answer second = sluice.get("/v1/jobs", "Authorization", "Bearer nonsense");
    assertThat(first.status()).isEqualTo(401);
    assertThat(first.body()).isEqualTo(second.body());
    assertThat(sluice.directory.lookups).isEqualTo(1);
  }

  @Test
  void a_revoked_key_stops_within_the_second() {
    assertThat(sluice.get("/v1/jobs").status()).isEqualTo(200);
    sluice.directory.revoke(ApiKeys.parse(sluice.key).orElseThrow().id(), Instant.now());
    await()
        .atMost(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> sluice.get("/v1/jobs").status() == 401);
  }

  @Test
  void each_verb_needs_its_scope() {
    String chatOnly = "Bearer " + sluice.key("default", Set.of("ollama:chat"));
    String none = "Bearer " + sluice.key("default", Set.of("something"));
    assertThat(sluice.post(chat("hi"), "Authorization", chatOnly).status()).isEqualTo(202);
    Answer generate =
        sluice.post("{\"model\":\"qwen3:14b\",\"prompt\":\"x\"}", "Authorization", chatOnly);
    assertThat(generate.status()).isEqualTo(403);
    assertThat(generate.code()).isEqualTo("insufficient_scope");
    assertThat(generate.header("WWW-Authenticate")).contains("scope=\"ollama:generate\"");
    Answer batch =
        sluice.post(
            chat("hi").replace("{\"model\"", "{\"class\":\"batch\",\"model\""),
            "Authorization",
            chatOnly);
    assertThat(batch.status()).isEqualTo(403);
    assertThat(sluice.get("/v1/jobs", "Authorization", chatOnly).status()).isEqualTo(200);
    assertThat(sluice.get("/v1/jobs", "Authorization", none).status()).isEqualTo(403);
  }

  @Test
  void another_tenants_job_reads_as_no_job_at_all() {
    String id = sluice.submit().value();
    String other = "Bearer " + sluice.key("other", Set.of("ollama:chat"));
    String nobody = id.substring(0, id.length() - 4) + "0000";
    for (String path : new String[] {"", "/events"}) {
      Answer foreign = sluice.get("/v1/jobs/" + id + path, "Authorization", other);
      Answer absent = sluice.get("/v1/jobs/" + nobody + path, "Authorization", other);
      Answer malformed = sluice.get("/v1/jobs/nonsense" + path, "Authorization", other);
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.body()).isEqualTo(absent.body()).isEqualTo(malformed.body());
    }
    assertThat(sluice.delete("/v1/jobs/" + id, "Authorization", other).status()).isEqualTo(404);
    assertThat(sluice.get("/v1/jobs", "Authorization", other).json().path("data")).isEmpty();
    assertThat(sluice.get("/v1/jobs/" + id).json().path("state").asText()).isEqualTo("queued");
  }

  @Test
  void a_directory_that_is_away_is_503_and_not_401() {
    sluice.directory.away = true;
    Answer answer = sluice.get("/v1/jobs");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isNotEmpty();
    sluice.directory.away = false;
    assertThat(sluice.get("/v1/jobs").status()).as("nothing is remembered of it").isEqualTo(200);
  }
}
