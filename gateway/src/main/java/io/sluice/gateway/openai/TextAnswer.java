package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;

/** A text completion as a whole. */
final class TextAnswer {
  private TextAnswer() {}

  static ObjectNode of(Completion completion, Ending ending) {
    ObjectNode json = completion.head("cmpl-", "text_completion");
    String text = completion.form().echo() + ending.output().text();
    ObjectNode choice = json.putArray("choices").addObject().put("text", text).put("index", 0);
    choice.set("logprobs", Logprobs.ofText(ending.output().logprobs(), 0));
    choice.put("finish_reason", FinishReason.of(ending));
    return json.set("usage", UsageView.of(ending));
  }
}
