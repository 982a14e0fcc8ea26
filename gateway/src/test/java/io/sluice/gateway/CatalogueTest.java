package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ModelFacts;
import io.sluice.gateway.TestGateway.Answer;
import io.sluice.gateway.catalogue.Listings;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which models there are, as clients of Ollama and OpenAI ask for it. */
class CatalogueTest {
  private static final String DATE = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00";
  private static final ModelFacts QWEN =
      new ModelFacts(
          "qwen3:14b",
          Optional.of("5".repeat(64)),
          OptionalLong.of(9_276_198_565L),
          Optional.of(Instant.parse("2026-08-21T18:48:22.123Z")),
          "{\"family\":\"qwen3\",\"families\":[\"qwen3\"],\"parameter_size\":\"14.8B\"}",
          List.of("completion", "tools", "thinking"),
          OptionalInt.of(40_960),
          "{\"general.architecture\":\"qwen3\",\"qwen3.context_length\":40960,"
              + "\"qwen3.block_count\":40}",
          Optional.of(
              new ModelFacts.Loaded(
                  14_000_000_000L,
                  13_000_000_000L,
                  OptionalInt.of(16_384),
                  Optional.of(Instant.parse("2026-08-22T00:00:00Z")))));

  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  private void tell(ModelFacts... models) {
    await(sluice.fleet.announce(MemoryFleet.serving("w", TestGateway.POOL), Duration.ofMinutes(1)));
    await(sluice.fleet.describe("w", List.of(models)));
  }

  private Answer show(String body) {
    return sluice.json("POST", "/api/show", body);
  }

  private static List<String> names(JsonNode list, String field) {
    List<String> names = new ArrayList<>();
    list.forEach(one -> names.add(one.path(field).asText()));
    return names;
  }

  @Test
  void an_ollama_is_running_here_and_says_a_version_that_clients_can_parse_without_a_key() {
    for (String method : List.of("GET", "HEAD")) {
      Answer root = sluice.send(method, "/", "", "Authorization", "");
      assertThat(root.status()).isEqualTo(200);
      assertThat(root.header("Content-Type")).startsWith("text/plain");
      assertThat(root.body()).isEqualTo(method.equals("GET") ? "Ollama is running" : "");
    }
    assertThat(sluice.send("HEAD", "/api/version", "", "Authorization", "").status())
        .isEqualTo(200);
    Answer version = sluice.send("GET", "/api/version", "", "Authorization", "");
    assertThat(version.json().path("version").asText()).matches("[0-9]+(\\.[0-9]+)+(-[a-z]+)?");
  }

  @Test
  void models_are_listed_by_every_name_that_a_job_may_have() {
    List<String> names =
        List.of("qwen3:14b", "qwen3:14b@8k", "qwen3:14b@16k", TestGateway.OTHER.model());
    JsonNode tags = sluice.get("/api/tags").json().path("models");
    assertThat(names(tags, "name")).containsExactlyElementsOf(names);
    assertThat(names(tags, "model")).containsExactlyElementsOf(names);
    assertThat(names(sluice.get("/v1/models").json().path("data"), "id"))
        .containsExactlyElementsOf(names);
    for (String name : names) {
      assertThat(sluice.post(TestGateway.chat("hi").replace("qwen3:14b", name)).status())
          .isEqualTo(202);
      assertThat(show("{\"model\":\"" + name + "\"}").status()).isEqualTo(200);
      assertThat(sluice.get("/v1/models/" + name).json().path("id").asText()).isEqualTo(name);
    }
  }

  @Test
  void as_long_as_no_worker_told_of_a_model_the_settings_answer_for_it() {
    JsonNode tag = sluice.get("/api/tags").json().path("models").path(0);
    assertThat(tag.path("digest").asText()).matches("[0-9a-f]{64}");
    assertThat(tag.path("modified_at").asText()).matches(DATE);
    assertThat(tag.path("size").asLong()).isZero();
    assertThat(tag.path("details").path("family").isTextual()).isTrue();
    assertThat(tag.path("details").path("context_length").asInt()).isEqualTo(16_384);
    assertThat(tag.path("capabilities").toString()).isEqualTo("[\"completion\"]");
    assertThat(sluice.get("/api/ps").json().toString()).isEqualTo("{\"models\":[]}");
    JsonNode shown = show("{\"model\":\"smollm:135m\"}").json();
    assertThat(shown.path("model_info").toString())
        .isEqualTo("{\"general.architecture\":\"unknown\",\"unknown.context_length\":1024}");
  }

  @Test
  void what_a_worker_s_engine_says_of_a_model_is_told_on() {
    tell(QWEN, ModelFacts.named("another:1b"));
    JsonNode tags = sluice.get("/api/tags").json().path("models");
    assertThat(names(tags, "name")).doesNotContain("another:1b");
    JsonNode tag = tags.path(0);
    assertThat(tag.path("digest").asText()).isEqualTo("5".repeat(64));
    assertThat(tag.path("size").asLong()).isEqualTo(9_276_198_565L);
    assertThat(tag.path("modified_at").asText()).isEqualTo("2026-08-21T18:48:22.123000+00:00");
    assertThat(tag.path("details").path("parameter_size").asText()).isEqualTo("14.8B");
    assertThat(tag.path("details").path("quantization_level").isTextual()).isTrue();
    assertThat(tag.path("capabilities")).hasSize(3);
    JsonNode loaded = sluice.get("/api/ps").json().path("models");
    assertThat(names(loaded, "model"))
        .containsExactlyInAnyOrder("qwen3:14b", "qwen3:14b@8k", "qwen3:14b@16k");
    assertThat(loaded.path(0).path("expires_at").asText())
        .isEqualTo("2026-08-22T00:00:00.000000+00:00");
    assertThat(loaded.path(0).path("size").asLong()).isEqualTo(14_000_000_000L);
    assertThat(loaded.path(0).path("size_vram").asLong()).isEqualTo(13_000_000_000L);
    JsonNode model = sluice.get("/v1/models/qwen3:14b").json();
    assertThat(model.path("object").asText()).isEqualTo("model");
    assertThat(model.path("created").asLong()).isEqualTo(1_787_338_102L);
    assertThat(model.path("owned_by").isTextual()).isTrue();
  }

  @Test
  void a_model_is_shown_with_the_context_that_is_served_under_its_name() {
    tell(QWEN);
    JsonNode small = show("{\"name\":\"qwen3:14b@8k\",\"verbose\":true}").json();
    assertThat(small.path("model_info").path("qwen3.context_length").asInt()).isEqualTo(8192);
    assertThat(small.path("model_info").path("qwen3.block_count").asInt()).isEqualTo(40);
    assertThat(small.path("parameters").asText()).isEqualTo("num_ctx 8192");
    assertThat(small.path("modified_at").asText()).matches(DATE);
    JsonNode plain = show("{\"model\":\"qwen3:14b\"}").json();
    assertThat(plain.path("model_info").path("qwen3.context_length").asInt()).isEqualTo(16_384);
    assertThat(plain.has("template") || plain.has("system") || plain.has("modelfile")).isFalse();
  }

  @Test
  void of_several_workers_the_word_of_the_one_that_has_the_model_in_memory_counts() {
    tell(ModelFacts.named("qwen3:14b"));
    await(sluice.fleet.announce(MemoryFleet.serving("a", TestGateway.POOL), Duration.ofMinutes(1)));
    await(sluice.fleet.describe("a", List.of(QWEN)));
    assertThat(sluice.get("/api/tags").json().path("models").path(0).path("size").asLong())
        .isEqualTo(9_276_198_565L);
  }

  @Test
  void a_fleet_that_is_away_leaves_what_was_known_and_what_it_told_before() {
    sluice.fleet.away = true;
    assertThat(sluice.get("/api/tags").json().path("models")).hasSize(4);
    sluice.fleet.away = false;
    tell(QWEN);
    await()
        .untilAsserted(() -> assertThat(sluice.get("/api/ps").json().path("models")).isNotEmpty());
    sluice.fleet.away = true;
    int asked = sluice.fleet.asked.get();
    await()
        .untilAsserted(
            () -> {
              assertThat(sluice.get("/api/ps").json().path("models")).isNotEmpty();
              assertThat(sluice.fleet.asked).hasValueGreaterThan(asked);
            });
    assertThat(sluice.get("/api/ps").json().path("models")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/tags", "/api/ps", "/v1/models", "/v1/models/qwen3:14b"})
  void models_are_told_to_nobody_without_a_key_or_a_scope(String path) {
    assertThat(sluice.get(path, "Authorization", "Bearer x").status()).isEqualTo(401);
    String powerless = "Bearer " + sluice.key("default", Set.of("something"));
    assertThat(sluice.get(path, "Authorization", powerless).status()).isEqualTo(403);
    String embedding = "Bearer " + sluice.key("other", Set.of("ollama:embed"));
    assertThat(sluice.get(path, "Authorization", embedding).status()).isEqualTo(200);
    assertThat(sluice.send("HEAD", path, "", "Authorization", embedding).status()).isEqualTo(200);
  }

  @Test
  void a_model_that_is_not_served_is_404_by_its_name() {
    Answer shown = show("{\"model\":\"llama3\"}");
    assertThat(shown.status()).isEqualTo(404);
    assertThat(shown.body()).isEqualTo("{\"error\":\"model 'llama3' not found\"}");
    Answer missing = sluice.get("/v1/models/llama3");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(names(missing.json().path("error"), "x")).hasSize(4);
    assertThat(missing.json().at("/error/code").asText()).isEqualTo("model_not_found");
    assertThat(sluice.get("/v1/models/hf.co/llama3").status()).isEqualTo(404);
    assertThat(show("{\"model\":\"" + "x".repeat(5000) + "\"}").body().length()).isLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "7", "{\"model\":\"\"}", "{\"model\":null}"})
  void what_names_no_model_is_refused(String body) {
    Answer answer = show(body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("{\"error\":\"model is required\"}");
    assertThat(show("{").status()).isEqualTo(400);
  }

  @Test
  void what_is_installed_is_the_same_until_a_worker_has_something_else() {
    Vertx vertx = Vertx.vertx();
    MemoryFleet fleet = new MemoryFleet();
    Listings listings =
        new Listings(vertx, fleet, List.of(TestGateway.POOL), Instant.ofEpochSecond(1));
    assertThat(listings.installed(TestGateway.POOL)).isEmpty();
    for (String worker : List.of("a", "b")) {
      await(fleet.announce(MemoryFleet.serving(worker, TestGateway.POOL), Duration.ofMinutes(1)));
      await(fleet.describe(worker, List.of(QWEN)));
    }
    await(listings.look());
    String installed = "5".repeat(64);
    assertThat(listings.installed(TestGateway.POOL)).contains(installed);
    assertThat(listings.installed(TestGateway.LARGE)).contains(installed);
    assertThat(listings.installed(TestGateway.OTHER)).isEmpty();
    await(fleet.describe("b", List.of(withDigest("4"))));
    await(listings.look());
    assertThat(listings.installed(TestGateway.POOL)).contains("4," + installed);
    fleet.away = true;
    listings.look();
    assertThat(listings.installed(TestGateway.POOL)).contains("4," + installed);
    await(vertx.close());
  }

  private static ModelFacts withDigest(String digest) {
    return new ModelFacts(
        QWEN.model(),
        Optional.of(digest),
        QWEN.bytes(),
        QWEN.modifiedAt(),
        QWEN.details(),
        QWEN.capabilities(),
        QWEN.contextTokens(),
        QWEN.info(),
        QWEN.loaded());
  }

  @Test
  void the_fleet_is_asked_once_however_many_ask_which_models_there_are() {
    sluice.get("/api/tags");
    int asked = sluice.fleet.asked.get();
    for (int i = 0; i < 20; i++) {
      sluice.get("/api/tags");
      sluice.get("/api/ps");
    }
    assertThat(sluice.fleet.asked.get() - asked).isLessThan(20);
  }

  @Test
  void a_question_is_taken_whatever_type_it_says_that_it_has() {
    String body = "{\"model\":\"qwen3:14b\"}";
    assertThat(
            sluice
                .send(
                    "POST", "/api/show", body, "Content-Type", "application/x-www-form-urlencoded")
                .status())
        .isEqualTo(200);
  }
}
