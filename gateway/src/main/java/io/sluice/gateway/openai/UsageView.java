package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.Output;
import io.sluice.codec.Json;

/**
 * The tokens of an answer. Engines count thinking and answer together; what thinking had of them is
 * told by its share of the characters. What engines had in their caches they do not say.
 */
final class UsageView {
  private UsageView() {}

  static ObjectNode of(Ending ending) {
    ObjectNode json = Json.object();
    int completion = ending.usage().completionTokens();
    json.put("prompt_tokens", ending.usage().promptTokens());
    json.put("completion_tokens", completion);
    json.put("total_tokens", ending.usage().tokens());
    json.putNull("prompt_tokens_details");
    json.putObject("completion_tokens_details")
        .put("reasoning_tokens", thinking(ending.output(), completion));
    return json;
  }

  private static long thinking(Output output, int tokens) {
    long thought = output.thinking().map(String::length).orElse(0);
    long calls = output.toolCalls().stream().mapToLong(String::length).sum();
    long all = thought + output.text().length() + calls;
    return all == 0 ? 0 : Math.round((double) tokens * thought / all);
  }
}
