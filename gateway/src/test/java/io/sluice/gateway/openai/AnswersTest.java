package io.sluice.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.Jobs;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.codec.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Answers, whole and in chunks, byte by byte. */
class AnswersTest {
  private static final Job JOB = Jobs.chat(Instant.parse("2026-01-02T03:04:05.678Z")).job();
  private static final String CALL =
      "{\"id\":\"call_abcd1234\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"a\":1}}}";
  private static final String HEAD =
      "data: {\"id\":\"chatcmpl-"
          + JOB.id().value()
          + "\",\"object\":\"chat.completion.chunk\",\"created\":1767323045,\"model\":\"m\","
          + "\"system_fingerprint\":null,\"choices\":[";

  private static final String TAIL = ",\"logprobs\":null,\"finish_reason\":null}]}\n\n";

  @Test
  void a_streamed_chat_is_these_bytes() {
    Chunks chunks = new ChatChunks(completion(false, ""));
    String all =
        chunks.begin()
            + chunks.thinking(new JobEvent.Thinking("hm"))
            + chunks.text(new JobEvent.Token("Grüße 🙂\n"))
            + chunks.call(new JobEvent.ToolCall(CALL));
    assertThat(all + chunks.end(completed("Grüße 🙂\n", "hm", CALL)))
        .isEqualTo(
            HEAD
                + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}"
                + TAIL
                + HEAD
                + "{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\",\"reasoning\":\"hm\"}"
                + TAIL
                + HEAD
                + "{\"index\":0,\"delta\":{\"content\":\"Grüße 🙂\\n\"}"
                + TAIL
                + HEAD
                + "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_abcd1234\","
                + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]}"
                + TAIL
                + HEAD
                + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"tool_calls\"}]}\n\n"
                + "data: [DONE]\n\n");
  }

  @Test
  void no_reader_of_lines_finds_an_end_of_line_within_a_chunk() {
    String ends = "a\u0085b\u2028c\u2029d";
    for (Chunks chunks :
        List.of(
            new ChatChunks(completion(true, "")), new TextChunks(completion(true, "p" + ends)))) {
      String all =
          chunks.begin()
              + chunks.text(new JobEvent.Token(ends))
              + chunks.end(completed(ends, "", new String[0]));
      assertThat(all).doesNotContain("\u0085", "\u2028", "\u2029");
      assertThat(all).contains("a\\u0085b\\u2028c\\u2029d");
    }
  }

  @Test
  void a_chat_is_the_same_whole_and_in_chunks() {
    List<String> pieces =
        List.of("a", "\ud83d\ude42", "{\"b\":\n\r\u2028}", "data: [DONE]\n\n", "ü");
    Chunks chunks = new ChatChunks(completion(true, ""));
    StringBuilder all = new StringBuilder(chunks.begin());
    pieces.forEach(piece -> all.append(chunks.text(new JobEvent.Token(piece))));
    all.append(chunks.call(new JobEvent.ToolCall(CALL)))
        .append(chunks.call(new JobEvent.ToolCall("{\"function\":{\"name\":\"g\"}}")));
    Ending ending = completed(String.join("", pieces), "", CALL, "{\"function\":{\"name\":\"g\"}}");
    all.append(chunks.end(ending));
    ObjectNode whole = ChatAnswer.of(completion(true, ""), ending);
    List<JsonNode> read = events(all.toString());
    StringBuilder text = new StringBuilder();
    List<String> calls = new ArrayList<>();
    for (JsonNode chunk : read) {
      JsonNode delta = chunk.path("choices").path(0).path("delta");
      text.append(delta.path("content").asText(""));
      delta.path("tool_calls").forEach(call -> calls.add(withoutIndex(call)));
    }
    JsonNode message = whole.path("choices").path(0).path("message");
    assertThat(text.toString()).isEqualTo(message.path("content").asText());
    List<String> expected = new ArrayList<>();
    message.path("tool_calls").forEach(call -> expected.add(call.toString()));
    assertThat(calls).isEqualTo(expected);
    assertThat(read.getLast().path("usage").toString()).isEqualTo(whole.path("usage").toString());
    assertThat(read.getLast().path("choices").isEmpty()).isTrue();
    assertThat(read.getFirst().path("usage").isNull()).isTrue();
    assertThat(read.get(read.size() - 2).path("choices").path(0).path("finish_reason"))
        .isEqualTo(whole.path("choices").path(0).path("finish_reason"));
  }

  private static String withoutIndex(JsonNode call) {
    ObjectNode copy = call.deepCopy();
    copy.remove("index");
    return copy.toString();
  }

  /** As the SDKs read it: whatever a piece holds, it cannot end its event. */
  private static List<JsonNode> events(String stream) {
    List<JsonNode> events = new ArrayList<>();
    String received = new String(stream.getBytes(UTF_8), UTF_8);
    assertThat(received).isEqualTo(stream).endsWith("\n\ndata: [DONE]\n\n");
    for (String event : received.split("\n\n")) {
      assertThat(event).startsWith("data: ").doesNotContain("\n", "\r");
      if (!event.equals("data: [DONE]")) {
        events.add(Json.parse(event.substring("data: ".length())));
      }
    }
    return events;
  }

  @Test
  void a_chat_as_a_whole_is_these_bytes() {
    Completion completion =
        Completion.of(JOB, new AnswerForm("m", false, false, Optional.of("flex"), ""));
    assertThat(ChatAnswer.of(completion, completed("ok", "hmm", new String[0])).toString())
        .isEqualTo(
            "{\"id\":\"chatcmpl-"
                + JOB.id().value()
                + "\",\"object\":\"chat.completion\",\"created\":1767323045,\"model\":\"m\","
                + "\"service_tier\":\"flex\",\"system_fingerprint\":null,"
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"ok\","
                + "\"refusal\":null,\"reasoning_content\":\"hmm\",\"reasoning\":\"hmm\"},"
                + "\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":10,\"total_tokens\":17,"
                + "\"prompt_tokens_details\":null,"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":6}}}");
  }

  @Test
  void a_chat_that_only_calls_has_no_content_and_its_calls_have_ids_of_their_own() {
    ObjectNode answer =
        ChatAnswer.of(
            completion(false, ""),
            completed("", "", "{\"id\":\"call_0\",\"function\":{\"name\":\"f\"}}"));
    JsonNode message = answer.path("choices").path(0).path("message");
    assertThat(message.path("content").isNull()).isTrue();
    assertThat(message.path("tool_calls").path(0).path("id").asText())
        .isEqualTo("call_" + JOB.id().value() + "_0");
    assertThat(message.path("tool_calls").path(0).path("function").path("arguments").asText())
        .isEqualTo("{}");
  }

  @Test
  void an_answer_at_its_limit_ends_by_length_even_with_calls() {
    Ending cut =
        new Ending.Incomplete(new Output("x", Optional.empty(), List.of(CALL)), new Usage(1, 2));
    assertThat(FinishReason.of(cut)).isEqualTo("length");
    assertThat(new ChatChunks(completion(false, "")).end(cut))
        .contains("\"finish_reason\":\"length\"");
  }

  @Test
  void a_streamed_text_is_these_bytes() {
    Chunks chunks = new TextChunks(completion(true, "once"));
    String head =
        "data: {\"id\":\"cmpl-"
            + JOB.id().value()
            + "\",\"object\":\"text_completion\",\"created\":1767323045,\"model\":\"m\","
            + "\"system_fingerprint\":null,\"choices\":[";
    String tail = ",\"index\":0,\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n";
    assertThat(
            chunks.begin()
                + chunks.text(new JobEvent.Token(" upon"))
                + chunks.end(completed(" upon", "", new String[0])))
        .isEqualTo(
            head
                + "{\"text\":\"once\""
                + tail
                + head
                + "{\"text\":\" upon\""
                + tail
                + head
                + "{\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":null}\n\n"
                + head
                + "],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":10,\"total_tokens\":17,"
                + "\"prompt_tokens_details\":null,"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}}\n\n"
                + "data: [DONE]\n\n");
    assertThat(
            TextAnswer.of(completion(false, "once"), completed(" upon", "", new String[0]))
                .path("choices")
                .path(0)
                .path("text")
                .asText())
        .isEqualTo("once upon");
  }

  @Test
  void long_arguments_and_long_prompts_go_out_in_lines_that_any_client_reads() {
    String text = "x" + "🙂\"\\".repeat(30_000);
    ObjectNode arguments = Json.object().put("a", text);
    ObjectNode called = Json.object();
    called.putObject("function").put("name", "f").set("arguments", arguments);
    String sent =
        new ChatChunks(completion(false, "")).call(new JobEvent.ToolCall(called.toString()));
    StringBuilder joined = new StringBuilder();
    for (JsonNode chunk : events(sent + Chunks.DONE)) {
      JsonNode call = chunk.at("/choices/0/delta/tool_calls/0");
      assertThat(call.path("index").asInt(-1)).isZero();
      joined.append(call.at("/function/arguments").asText());
    }
    assertThat(joined.toString()).isEqualTo(arguments.toString());
    StringBuilder echoed = new StringBuilder();
    String begun = new TextChunks(completion(false, text)).begin();
    events(begun + Chunks.DONE)
        .forEach(chunk -> echoed.append(chunk.at("/choices/0/text").asText()));
    assertThat(echoed.toString()).isEqualTo(text);
    for (String line : (sent + begun).split("\n")) {
      assertThat(line.getBytes(UTF_8).length).isLessThan(128 * 1024);
    }
  }

  private static final String LOGPROBS =
      "[{\"token\":\"Hä\",\"logprob\":-0.25,\"bytes\":[72,195,164],\"top_logprobs\":["
          + "{\"token\":\"Hä\",\"logprob\":-0.25},{\"token\":\"Ho\",\"logprob\":-2}]},"
          + "{\"token\":\"!\",\"logprob\":-1}]";

  @Test
  void logprobs_have_every_field_that_the_sdks_read() {
    JobEvent.Token token = new JobEvent.Token("Hä!", Optional.of(LOGPROBS));
    String expected =
        "\"logprobs\":{\"content\":[{\"token\":\"Hä\",\"logprob\":-0.25,\"bytes\":[72,195,164],"
            + "\"top_logprobs\":[{\"token\":\"Hä\",\"logprob\":-0.25,\"bytes\":null},"
            + "{\"token\":\"Ho\",\"logprob\":-2,\"bytes\":null}]},"
            + "{\"token\":\"!\",\"logprob\":-1,\"bytes\":null,\"top_logprobs\":[]}],"
            + "\"refusal\":null}";
    assertThat(new ChatChunks(completion(false, "")).text(token)).contains(expected);
    Ending ending =
        new Ending.Completed(
            new Output("Hä!", Optional.empty(), List.of(), Optional.of(LOGPROBS)), new Usage(1, 2));
    assertThat(ChatAnswer.of(completion(false, ""), ending).toString()).contains(expected);
  }

  @Test
  void logprobs_of_a_text_completion_say_where_each_token_stands() {
    TextChunks chunks = new TextChunks(completion(false, ""));
    JobEvent.Token token = new JobEvent.Token("Hä!", Optional.of(LOGPROBS));
    String at =
        "\"logprobs\":{\"tokens\":[\"Hä\",\"!\"],\"token_logprobs\":[-0.25,-1],"
            + "\"top_logprobs\":[{\"Hä\":-0.25,\"Ho\":-2},{}],\"text_offset\":[%s]}";
    assertThat(chunks.text(token)).contains(at.formatted("0,2"));
    assertThat(chunks.text(token)).contains(at.formatted("3,5"));
  }

  private static Completion completion(boolean usage, String echo) {
    return Completion.of(JOB, new AnswerForm("m", true, usage, Optional.empty(), echo));
  }

  private static Ending completed(String text, String thinking, String... calls) {
    return new Ending.Completed(
        new Output(text, Optional.of(thinking), List.of(calls)), new Usage(7, 10));
  }
}
