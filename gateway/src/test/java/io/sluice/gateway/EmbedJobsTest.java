package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Embedding;
import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.gateway.TestGateway.Answer;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Embed jobs at the gateway: what is accepted, what it is charged, and how it is shown. */
class EmbedJobsTest {
  private static final String SHORT = "{\"model\":\"qwen3:14b\",\"input\":\"Hello, world!\"}";

  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  private static String inputs(List<String> texts) {
    var body = Json.object().put("model", "qwen3:14b");
    texts.forEach(body.withArray("input")::add);
    return Json.write(body);
  }

  private Job accepted(String body) {
    Answer answer = sluice.post(body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    String id = answer.json().path("id").asText();
    return sluice.store.all().stream()
        .filter(record -> record.id().value().equals(id))
        .findFirst()
        .orElseThrow()
        .job();
  }

  @Test
  void an_input_makes_an_embed_job_that_generates_nothing() {
    Job job =
        accepted(
            "{\"model\":\"qwen3:14b\",\"input\":[\"a\",\"b\"],\"dimensions\":64,"
                + "\"truncate\":false,\"class\":\"interactive\"}");
    assertThat(job.kind()).isEqualTo(JobKind.EMBED);
    assertThat(job.maxOutputTokens()).isZero();
    assertThat(job.request())
        .isEqualTo("{\"input\":[\"a\",\"b\"],\"dimensions\":64,\"truncate\":false}");
    assertThat(accepted(SHORT).promptTokens()).isEqualTo(4 + 2);
  }

  @Test
  void the_longest_input_chooses_the_pool_and_all_of_them_are_charged() {
    String half = "word ".repeat(4_500);
    Job many = accepted(inputs(List.of(half, half, half)));
    assertThat(many.pool()).isEqualTo(TestGateway.POOL);
    assertThat(many.promptTokens()).isBetween(13_500, 13_520);
    assertThat(accepted(inputs(List.of("a", "word ".repeat(9_000)))).pool())
        .isEqualTo(TestGateway.LARGE);
  }

  @Test
  void an_input_as_long_as_the_context_needs_no_room_for_an_output() {
    String whole = "word ".repeat(8_189);
    assertThat(accepted(inputs(List.of(whole))).pool()).isEqualTo(TestGateway.POOL);
  }

  @Test
  void an_input_that_no_context_holds_is_refused_unless_it_may_be_cut() {
    String tooLong = "word ".repeat(17_000);
    Answer answer = sluice.post(inputs(List.of("a", tooLong)));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo("context_length_exceeded");
    assertThat(answer.json().path("detail").asText())
        .startsWith("The longest input has 17,")
        .endsWith("; the context holds 16,384.");
    assertThat(answer.json().path("max_output_tokens").asInt(-1)).isZero();
    Job cut = accepted(inputs(List.of(tooLong)).replace("{", "{\"truncate\":true,"));
    assertThat(cut.pool()).isEqualTo(TestGateway.LARGE);
    assertThat(cut.promptTokens()).isEqualTo(16_384);
  }

  @Test
  void inputs_are_bounded_in_number_and_in_tokens_together() {
    Answer many = sluice.post(inputs(Collections.nCopies(2_049, "a")));
    assertThat(many.status()).isEqualTo(422);
    assertThat(many.body()).contains("At most 2048 fit.");
    Answer large = sluice.post(inputs(Collections.nCopies(40, "word ".repeat(8_000))));
    assertThat(large.status()).isEqualTo(422);
    assertThat(large.code()).isEqualTo("invalid_request");
    assertThat(large.json().at("/errors/0/pointer").asText()).isEqualTo("/input");
    assertThat(large.body()).contains("at most 300,000 are taken");
    assertThat(accepted(inputs(Collections.nCopies(2_048, "a"))).promptTokens())
        .isEqualTo(2_048 * 3);
  }

  @Test
  void the_scope_to_chat_is_none_to_embed() {
    String chats = "Bearer " + sluice.key("default", Set.of("ollama:chat"));
    String embeds = "Bearer " + sluice.key("default", Set.of("ollama:embed"));
    assertThat(sluice.post(SHORT, "Authorization", chats).status()).isEqualTo(403);
    assertThat(sluice.post(SHORT, "Authorization", embeds).status()).isEqualTo(202);
    assertThat(sluice.post(TestGateway.chat("hi"), "Authorization", embeds).status())
        .isEqualTo(403);
  }

  @Test
  void a_finished_one_shows_its_vectors_everywhere_and_nothing_of_a_text() {
    JobId id = accepted(SHORT).id();
    Output output = Output.NONE.with(List.of(new Embedding(0.1f, -2), new Embedding(1e-9f, 0)));
    sluice.store.claim(id);
    sluice.store.finish(id, new Ending.Completed(output, new Usage(6, 0)));

    Answer shown = sluice.get("/v1/jobs/" + id);

    assertThat(shown.body()).contains("\"output\":{\"embeddings\":[[0.1,-2.0],[1.0E-9,0.0]]}");
    JsonNode job = shown.json();
    assertThat(job.path("kind").asText()).isEqualTo("embed");
    assertThat(job.path("usage"))
        .isEqualTo(Json.parse("{\"prompt_tokens\":6,\"completion_tokens\":0}"));
    assertThat(sluice.get("/v1/jobs").json().at("/data/0")).isEqualTo(job);
    String events = sluice.get("/v1/jobs/" + id + "/events").body();
    assertThat(events).contains("event: end").contains("[[0.1,-2.0],[1.0E-9,0.0]]");
  }
}
