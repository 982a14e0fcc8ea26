package io.sluice.worker.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Ollama's sampling options by the names that vLLM, SGLang and llama-server have for them. */
final class SamplingOptions {
  /** Named alike everywhere; min_p is an extension that all three have. */
  private static final Set<String> SAME =
      Set.of(
          "temperature", "top_p", "seed", "stop", "presence_penalty", "frequency_penalty", "min_p");

  private SamplingOptions() {}

  static void put(JsonNode options, ObjectNode body) throws Unmappable {
    for (var option : options.properties()) {
      JsonNode value = option.getValue();
      if (value.isNull()) {
        continue;
      }
      String name = option.getKey();
      if (SAME.contains(name)) {
        body.set(name, value);
      } else if (name.equals("top_k")) {
        // Ollama's 0 is no bound; SGLang says that with -1 and refuses 0, the others take both.
        body.put("top_k", value.asInt() == 0 ? -1 : value.asInt());
      } else if (name.equals("repeat_penalty")) {
        // llama-server's name and that of the other two, which each ignore the other one.
        body.set("repeat_penalty", value);
        body.set("repetition_penalty", value);
      } else {
        throw new Unmappable("The request has the option '" + name + "'");
      }
    }
  }
}
