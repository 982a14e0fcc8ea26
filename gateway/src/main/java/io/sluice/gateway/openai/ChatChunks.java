package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.JobEvent;
import io.sluice.codec.Json;
import java.util.List;

/** The chunks of a chat. Thinking has two names, as clients look for one or the other. */
final class ChatChunks implements Chunks {
  private final Completion completion;
  private int calls;

  ChatChunks(Completion completion) {
    this.completion = completion;
  }

  @Override
  public String begin() {
    ObjectNode delta = Json.object().put("role", "assistant").put("content", "");
    return chunk(delta.putNull("refusal"), null);
  }

  @Override
  public String text(JobEvent.Token piece) {
    ObjectNode delta = Json.object().put("content", piece.text());
    return chunk(delta, Logprobs.ofChat(piece.logprobs()), null);
  }

  @Override
  public String thinking(JobEvent.Thinking piece) {
    ObjectNode delta = Json.object();
    delta.put("reasoning_content", piece.text()).put("reasoning", piece.text());
    return chunk(delta, Logprobs.ofChat(piece.logprobs()), null);
  }

  /** Engines tell it whole; its arguments go out in parts, where they are long. */
  @Override
  public String call(JobEvent.ToolCall call) {
    ObjectNode whole = Json.object().put("index", calls);
    whole.setAll(CallView.of(call.json(), calls, completion.job()));
    ObjectNode function = (ObjectNode) whole.path("function");
    List<String> arguments = Parts.of(function.path("arguments").asText());
    function.put("arguments", arguments.getFirst());
    StringBuilder all = new StringBuilder(call(whole));
    for (String part : arguments.subList(1, arguments.size())) {
      ObjectNode more = Json.object().put("index", calls);
      more.putObject("function").put("arguments", part);
      all.append(call(more));
    }
    calls++;
    return all.toString();
  }

  private String call(ObjectNode part) {
    ObjectNode delta = Json.object();
    delta.putArray("tool_calls").add(part);
    return chunk(delta, null);
  }

  @Override
  public String end(Ending ending) {
    String last = chunk(Json.object(), FinishReason.of(ending));
    return last + (completion.form().usage() ? usage(ending) : "") + DONE;
  }

  private String usage(Ending ending) {
    ObjectNode json = head();
    json.putArray("choices");
    return frame(json.set("usage", UsageView.of(ending)));
  }

  private String chunk(ObjectNode delta, String finishReason) {
    return chunk(delta, NullNode.instance, finishReason);
  }

  private String chunk(ObjectNode delta, JsonNode logprobs, String finishReason) {
    ObjectNode json = head();
    ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.set("logprobs", logprobs);
    choice.put("finish_reason", finishReason);
    if (completion.form().usage()) {
      json.putNull("usage");
    }
    return frame(json);
  }

  private ObjectNode head() {
    return completion.head("chatcmpl-", "chat.completion.chunk");
  }

  private static String frame(ObjectNode json) {
    return "data: " + Json.line(json) + "\n\n";
  }
}
