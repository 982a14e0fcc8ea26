package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.Output;
import io.sluice.codec.Json;
import java.util.List;

/** A chat's answer as a whole. */
final class ChatAnswer {
  private ChatAnswer() {}

  static ObjectNode of(Completion completion, Ending ending) {
    ObjectNode json = completion.head("chatcmpl-", "chat.completion");
    ObjectNode choice = json.putArray("choices").addObject().put("index", 0);
    choice.set("message", message(completion, ending.output()));
    choice.set("logprobs", Logprobs.ofChat(ending.output().logprobs()));
    choice.put("finish_reason", FinishReason.of(ending));
    return json.set("usage", UsageView.of(ending));
  }

  private static ObjectNode message(Completion completion, Output output) {
    ObjectNode message = Json.object().put("role", "assistant");
    boolean callsAlone = output.text().isEmpty() && !output.toolCalls().isEmpty();
    message.put("content", callsAlone ? null : output.text());
    message.putNull("refusal");
    output
        .thinking()
        .filter(thought -> !thought.isEmpty())
        .ifPresent(thought -> message.put("reasoning_content", thought).put("reasoning", thought));
    List<String> calls = output.toolCalls();
    if (!calls.isEmpty()) {
      ArrayNode all = message.putArray("tool_calls");
      for (int i = 0; i < calls.size(); i++) {
        all.add(CallView.of(calls.get(i), i, completion.job()));
      }
    }
    return message;
  }
}
