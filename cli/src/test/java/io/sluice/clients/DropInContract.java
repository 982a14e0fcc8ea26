package io.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every published client must get from Sluice, unmodified, where it would have talked to the
 * engine. The client runs all its cases first; each test looks at one.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class DropInContract {
  private static final String[] COMMON = {
    "chat",
    "stream",
    "bytes",
    "bytes_stream",
    "long_stream",
    "thinking",
    "tools",
    "tools_stream",
    "tool_answered",
    "schema",
    "length",
    "embeddings",
    "list",
    "wrong_key",
    "wrong_key_list",
    "model_missing",
    "model_missing_stream",
    "limit_reached"
  };

  private ServedSluice sluice;
  private Cases cases;

  /** The client. */
  abstract Driver driver();

  /** Cases of this client's surface alone. */
  abstract String[] more();

  @BeforeAll
  void drive(@TempDir Path folder) {
    Driver driver = driver();
    sluice = ServedSluice.start(folder);
    ObjectNode target = target();
    Map<String, JsonNode> all = new HashMap<>(driver.run(target, "abort").byName());
    Awaitility.await("the engine is left alone when its client is gone")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                sluice.engine().stats().cancelled() == 1 && sluice.engine().stats().running() == 0);
    all.putAll(driver.run(target, COMMON).byName());
    all.putAll(driver.run(target, more()).byName());
    // An engine that fails is not used, nor told of, until it is proven again.
    all.putAll(driver.run(target, "engine_fails").byName());
    all.putAll(driver.run(target, "queue_full").byName());
    cases = new Cases(all);
  }

  private ObjectNode target() {
    ObjectNode target =
        Json.object()
            .put("url", sluice.url())
            .put("model", ServedSluice.MODEL)
            .put("embedding_model", ServedSluice.EMBEDDING_MODEL);
    target
        .putObject("keys")
        .put("good", sluice.key())
        .put("wrong", "sk_nobody")
        .put("limited", sluice.keyOf("limited", "tenant_requests_per_minute", 1))
        .put("full", sluice.keyOf("full", "tenant_waiting_jobs", 1));
    target.set("prompts", Asked.prompts());
    target.set("schema", Asked.schema());
    target.set("tool", Asked.tool());
    return target;
  }

  @AfterAll
  void stop() {
    if (sluice != null) {
      sluice.close();
    }
  }

  Cases cases() {
    return cases;
  }

  @Test
  void a_chat_is_answered_whole_with_its_counts() {
    JsonNode chat = cases.answered("chat");
    assertThat(chat.path("text").asText()).isEqualTo(Asked.answer());
    assertThat(chat.path("finish").asText()).isEqualTo("stop");
    assertThat(chat.path("prompt_tokens").asInt()).isPositive();
    assertThat(chat.path("completion_tokens").asInt()).isPositive();
    assertThat(chat.path("calls")).isEmpty();
  }

  @Test
  void a_stream_brings_the_same_text() {
    JsonNode stream = cases.answered("stream");
    assertThat(stream.path("text").asText()).isEqualTo(Asked.answer());
    // That it comes while it is made shows the stream that never ends, below.
    assertThat(stream.path("pieces").asInt()).isPositive();
    assertThat(stream.path("finish").asText()).isEqualTo("stop");
    assertThat(stream.path("completion_tokens"))
        .isEqualTo(cases.answered("chat").path("completion_tokens"));
  }

  @Test
  void every_kind_of_character_arrives_as_the_engine_said_it_wherever_it_is_cut() {
    assertThat(cases.answered("bytes").path("text").asText()).isEqualTo(Asked.EVERY_KIND);
    assertThat(cases.answered("bytes_stream").path("text").asText()).isEqualTo(Asked.EVERY_KIND);
  }

  @Test
  void a_line_longer_than_clients_take_arrives_in_several() {
    JsonNode stream = cases.answered("long_stream");
    assertThat(stream.path("text").asText()).isEqualTo(Asked.LONG);
    assertThat(stream.path("pieces").asInt()).isGreaterThan(1);
  }

  @Test
  void thoughts_and_answer_arrive_apart() {
    JsonNode thinking = cases.answered("thinking");
    assertThat(thinking.path("thinking").asText()).startsWith("(Simulated answer");
    assertThat(thinking.path("text").asText()).isEqualTo(Asked.answer());
  }

  @Test
  void a_tool_is_called_with_its_arguments() {
    for (String name : new String[] {"tools", "tools_stream"}) {
      JsonNode calls = cases.answered(name).path("calls");
      assertThat(calls).as(name).hasSize(1);
      assertThat(calls.path(0).path("name").asText()).as(name).isEqualTo("get_weather");
      assertThat(calls.path(0).path("arguments").path("city").isTextual()).as(name).isTrue();
    }
  }

  @Test
  void what_the_tool_said_goes_back_to_the_model() {
    JsonNode answer = cases.answered("tool_answered");
    assertThat(answer.path("text").asText()).isEqualTo(Asked.answer());
    assertThat(answer.path("calls")).isEmpty();
  }

  @Test
  void an_answer_follows_its_schema() {
    JsonNode value = Json.parse(cases.answered("schema").path("text").asText());
    assertThat(value.path("color").isTextual()).isTrue();
    assertThat(value.path("count").isIntegralNumber()).isTrue();
    assertThat(value).hasSize(2);
  }

  @Test
  void an_answer_that_reaches_its_bound_says_so() {
    JsonNode length = cases.answered("length");
    assertThat(length.path("finish").asText()).isEqualTo("length");
    assertThat(Asked.answer()).startsWith(length.path("text").asText());
    assertThat(length.path("completion_tokens").asInt()).isEqualTo(5);
  }

  @Test
  void each_input_gets_its_embedding() {
    JsonNode vectors = cases.answered("embeddings").path("vectors");
    assertThat(vectors).hasSize(2);
    assertThat(vectors.path(0)).isNotEmpty().isNotEqualTo(vectors.path(1));
    assertThat(vectors.path(0)).hasSameSizeAs(vectors.path(1));
  }

  @Test
  void models_are_listed() {
    assertThat(cases.answered("list").path("models").valueStream().map(JsonNode::asText))
        .containsExactlyInAnyOrder(ServedSluice.MODEL, ServedSluice.EMBEDDING_MODEL);
  }

  @Test
  void a_client_that_leaves_takes_its_job_along() {
    assertThat(cases.answered("abort").path("pieces").asInt()).isGreaterThanOrEqualTo(3);
    JsonNode cancelled = sluice.get("/v1/jobs?state=cancelled&limit=100").path("data");
    assertThat(cancelled).isNotEmpty();
  }

  @Test
  void a_wrong_key_is_told_as_one() {
    assertThat(cases.refused("wrong_key").path("status").asInt()).isEqualTo(401);
    assertThat(cases.refused("wrong_key_list").path("status").asInt()).isEqualTo(401);
  }

  @Test
  void a_model_that_nobody_serves_is_told_as_missing_before_any_stream() {
    for (String name : new String[] {"model_missing", "model_missing_stream"}) {
      assertThat(cases.refused(name).path("status").asInt()).as(name).isEqualTo(404);
      assertThat(cases.refused(name).path("message").asText()).as(name).isNotBlank();
    }
  }

  @Test
  void a_limit_that_is_reached_is_told_as_one() {
    JsonNode refusal = cases.refused("limit_reached");
    assertThat(refusal.path("status").asInt()).isEqualTo(429);
    assertThat(refusal.path("message").asText()).isNotBlank();
  }

  @Test
  void a_full_queue_is_told_before_any_stream_and_those_who_left_it_leave_nothing_behind() {
    JsonNode refusal = cases.refused("queue_full");
    assertThat(refusal.path("status").asInt()).isIn(429, 503);
    assertThat(refusal.path("message").asText()).isNotBlank();
    Awaitility.await("the engine is left alone")
        .atMost(Duration.ofSeconds(60))
        .until(() -> sluice.engine().stats().open() == 0);
  }

  @Test
  void a_failing_engine_is_told_with_a_status_before_any_stream() {
    JsonNode failure = cases.refused("engine_fails");
    assertThat(failure.path("status").asInt()).isBetween(500, 599);
    assertThat(failure.path("message").asText()).isNotBlank();
  }
}
