package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.JobEvent;
import io.sluice.codec.Json;
import java.util.stream.Collectors;

/**
 * The chunks of a text completion. It has no word for thinking or for calls, which nobody asked
 * for.
 */
final class TextChunks implements Chunks {
  private final Completion completion;
  private int chars;

  TextChunks(Completion completion) {
    this.completion = completion;
  }

  @Override
  public String begin() {
    if (completion.form().echo().isEmpty()) {
      return "";
    }
    return Parts.of(completion.form().echo()).stream()
        .map(part -> chunk(part, NullNode.instance, null))
        .collect(Collectors.joining());
  }

  @Override
  public String text(JobEvent.Token piece) {
    JsonNode logprobs = Logprobs.ofText(piece.logprobs(), chars);
    chars += piece.text().length();
    return chunk(piece.text(), logprobs, null);
  }

  @Override
  public String thinking(JobEvent.Thinking piece) {
    return "";
  }

  @Override
  public String call(JobEvent.ToolCall call) {
    return "";
  }

  @Override
  public String end(Ending ending) {
    String last = chunk("", NullNode.instance, FinishReason.of(ending));
    return last + (completion.form().usage() ? usage(ending) : "") + DONE;
  }

  private String usage(Ending ending) {
    ObjectNode json = head();
    json.putArray("choices");
    return frame(json.set("usage", UsageView.of(ending)));
  }

  private String chunk(String text, JsonNode logprobs, String finishReason) {
    ObjectNode json = head();
    ObjectNode choice = json.putArray("choices").addObject().put("text", text).put("index", 0);
    choice.set("logprobs", logprobs);
    choice.put("finish_reason", finishReason);
    if (completion.form().usage()) {
      json.putNull("usage");
    }
    return frame(json);
  }

  private ObjectNode head() {
    return completion.head("cmpl-", "text_completion");
  }

  private static String frame(ObjectNode json) {
    return "data: " + Json.line(json) + "\n\n";
  }
}
