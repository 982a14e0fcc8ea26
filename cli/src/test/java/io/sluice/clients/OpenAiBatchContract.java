package io.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a published client of OpenAI must get of files and batches, from the upload to the last line
 * of the output. The client runs all its cases first; each test looks at one.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OpenAiBatchContract {
  private static final String[] LIVES = {
    "files",
    "file_expires",
    "file_deleted",
    "endpoints",
    "metadata",
    "bad_lines",
    "cancel",
    "cancel_ended"
  };

  private static final String[] AROUND = {
    "input_in_use", "live_results", "pause_and_retry", "paging",
  };

  private static final String[] REFUSED = {
    "wrong_key_file",
    "wrong_key_batch",
    "foreign_file",
    "foreign_content",
    "foreign_batch",
    "foreign_input",
    "no_file",
    "no_batch",
    "no_input",
    "no_endpoint"
  };

  private ServedSluice sluice;
  private Cases cases;

  /** The client. */
  abstract Driver driver();

  @BeforeAll
  void drive(@TempDir Path folder) {
    Driver driver = driver();
    sluice = ServedSluice.start(folder);
    JsonNode target = target();
    Map<String, JsonNode> all = new HashMap<>(driver.run(target, LIVES).byName());
    all.putAll(driver.run(target, AROUND).byName());
    all.putAll(driver.run(target, REFUSED).byName());
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
        .put("other", sluice.keyOf("other", "tenant_waiting_jobs", 100));
    target.set("prompts", Asked.prompts());
    return target;
  }

  @AfterAll
  void stop() {
    if (sluice != null) {
      sluice.close();
    }
  }

  @Test
  void a_file_is_kept_as_it_came_from_a_path_from_bytes_and_from_a_stream() {
    JsonNode files = cases.answered("files");
    assertThat(texts(files.path("names")))
        .containsExactly("from-path.jsonl", "from-bytes.jsonl", "from-stream.jsonl");
    assertThat(texts(files.path("statuses"))).containsOnly("processed");
    assertThat(files.path("whole").asBoolean()).isTrue();
    assertThat(files.path("same").asBoolean()).isTrue();
    assertThat(files.path("listed").asBoolean()).isTrue();
  }

  @Test
  void a_deleted_file_is_gone() {
    JsonNode files = cases.answered("files");
    assertThat(files.path("deleted")).hasSize(3).allMatch(JsonNode::asBoolean);
    assertThat(files.path("left").isArray()).isTrue();
    assertThat(files.path("left")).isEmpty();
    assertRefused("file_deleted", "NotFoundError", 404);
  }

  @Test
  void a_file_expires_when_its_owner_says() {
    assertThat(cases.answered("file_expires").path("seconds").asInt()).isEqualTo(3600);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, /choices/0/message/content",
    "/v1/completions, /choices/0/text",
    "/v1/responses, /output/0/content/0/text"
  })
  void each_line_of_a_batch_is_answered_as_its_endpoint_would(String endpoint, String text) {
    JsonNode batch = completed(endpoint);
    assertThat(batch.path("output")).hasSize(2);
    for (JsonNode line : batch.path("output")) {
      assertThat(line.at("/response/status_code").asInt()).isEqualTo(200);
      assertThat(line.path("response").path("body").at(text).asText()).isEqualTo(Asked.answer());
    }
  }

  @Test
  void each_line_of_embeddings_has_its_vectors() {
    JsonNode output = completed("/v1/embeddings").path("output");
    assertThat(output).hasSize(2);
    assertThat(output).allMatch(line -> line.at("/response/body/data").size() == 2);
  }

  private JsonNode completed(String endpoint) {
    JsonNode batch = cases.answered("endpoints").path(endpoint);
    assertThat(batch.path("status").asText()).as(batch.toString()).isEqualTo("completed");
    assertThat(batch.path("total").asInt()).isEqualTo(2);
    assertThat(batch.path("completed").asInt()).isEqualTo(2);
    assertThat(batch.path("failed").asInt()).isZero();
    assertThat(batch.path("errors")).isEmpty();
    return batch;
  }

  @Test
  void a_batch_keeps_its_metadata() {
    JsonNode metadata = cases.answered("metadata");
    assertThat(metadata.at("/first/night").asText()).isEqualTo("monday");
    assertThat(metadata.path("later")).isEqualTo(metadata.path("first"));
  }

  @Test
  void every_bad_line_is_told_by_its_number_before_any_runs() {
    JsonNode bad = cases.answered("bad_lines");
    assertThat(bad.path("status").asText()).isEqualTo("failed");
    assertThat(bad.path("output").isNull()).isTrue();
    assertThat(bad.path("faults"))
        .extracting(fault -> fault.path("line").asInt() + " " + fault.path("code").asText())
        .contains(
            "2 duplicate_custom_id", "3 model_not_found", "4 url_mismatch", "5 invalid_json_line")
        .noneMatch(fault -> fault.startsWith("1 "));
  }

  @Test
  void counts_move_while_a_batch_runs() {
    JsonNode moving = cases.answered("cancel").path("moving");
    assertThat(moving.path("status").asText()).isEqualTo("in_progress");
    assertThat(moving.path("completed").asInt()).isEqualTo(2);
  }

  @Test
  void a_cancelled_batch_has_what_was_answered_and_an_error_for_the_rest() {
    JsonNode cancel = cases.answered("cancel");
    assertThat(cancel.path("first").asText()).isEqualTo("cancelling");
    assertThat(cancel.path("status").asText()).isEqualTo("cancelled");
    assertThat(cancel.path("output").fieldNames()).toIterable().containsExactlyInAnyOrder("a", "b");
    assertThat(cancel.path("errors")).hasSize(1);
    assertThat(cancel.at("/errors/endless/error/code").asText()).isEqualTo("batch_cancelled");
    assertRefused("cancel_ended", "BadRequestError", 400);
  }

  @Test
  void results_are_there_while_the_batch_runs_and_are_read_on_from_the_last() {
    JsonNode live = cases.answered("live_results");
    assertThat(ids(live.path("now"))).containsExactlyInAnyOrder("a", "b");
    assertThat(ids(live.path("later"))).containsExactly(live.at("/now/1/custom_id").asText());
    assertThat(ids(live.path("last"))).containsExactly("endless");
  }

  @Test
  void a_batch_is_paused_resumed_and_what_failed_is_tried_again() {
    JsonNode told = cases.answered("pause_and_retry");
    assertThat(told.path("paused").asBoolean()).isTrue();
    assertThat(told.path("seen").asBoolean()).isTrue();
    assertThat(told.path("resumed").asBoolean(true)).isFalse();
    assertThat(told.path("same").asBoolean()).isTrue();
    assertThat(told.path("again").asInt()).isEqualTo(1);
  }

  @Test
  void batches_are_listed_by_pages_the_newest_first() {
    JsonNode paging = cases.answered("paging");
    assertThat(paging.path("pages").asBoolean()).isTrue();
    assertThat(paging.path("more").asBoolean()).isTrue();
    assertThat(paging.path("all").asBoolean()).isTrue();
    assertThat(paging.path("twice").asInt(-1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong_key_file", "wrong_key_batch"})
  void a_wrong_key_is_refused(String name) {
    assertRefused(name, "AuthenticationError", 401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"foreign_file", "foreign_content", "foreign_batch", "no_file", "no_batch"})
  void what_is_not_there_or_anothers_is_not_found(String name) {
    assertRefused(name, "NotFoundError", 404);
  }

  @Test
  void a_batch_of_a_foreign_file_is_refused_as_of_one_that_nobody_has() {
    JsonNode nobodys = cases.refused("no_input");
    JsonNode foreign = cases.refused("foreign_input");
    assertThat(foreign.path("type")).isEqualTo(nobodys.path("type"));
    assertThat(foreign.path("status")).isEqualTo(nobodys.path("status"));
    assertThat(foreign.path("code")).isEqualTo(nobodys.path("code"));
    assertThat(nobodys.path("status").asInt()).isBetween(400, 404);
  }

  @Test
  void an_endpoint_that_batches_do_not_have_is_refused() {
    assertRefused("no_endpoint", "BadRequestError", 400);
  }

  @Test
  void a_file_that_a_batch_reads_is_not_deleted() {
    assertRefused("input_in_use", "ConflictError", 409);
  }

  private void assertRefused(String name, String type, int status) {
    JsonNode error = cases.refused(name);
    assertThat(error.path("type").asText()).as(error.toString()).isEqualTo(type);
    assertThat(error.path("status").asInt()).isEqualTo(status);
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static List<String> ids(JsonNode lines) {
    return StreamSupport.stream(lines.spliterator(), false)
        .map(line -> line.path("custom_id").asText())
        .toList();
  }
}
