package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;

/** A text completion as a whole. */
final class TextAnswer {
  private TextAnswer() {}

  static ObjectNode of(Completion completion, Ending ending) {
    ObjectNode json = completion.head("cmpl-", "text_completion");
    json.putArray("choices")
        .addObject()
        .put("text", completion.form().echo() + ending.output().text())
        .put("index", 0)
        .putNull("logprobs")
        .put("finish_reason", FinishReason.of(ending));
    return json.set("usage", UsageView.of(ending));
  }
}
