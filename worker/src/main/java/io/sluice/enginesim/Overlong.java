package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What Ollama makes of a prompt that is longer than the context, for a model that has a template
 * (its {@code prompt.go} and {@code llama_server.go}): unless it is told not to, it first drops the
 * oldest messages of a chat and then cuts what is left, and says nothing of either.
 */
final class Overlong {
  private Overlong() {}

  /**
   * The request as the model reads it; the same one where it fits. One that is longer than the
   * context is cut while it is read.
   */
  static Ask fitted(Ask ask, int context) throws Refused {
    if (ask.promptTokens() <= context) {
      return ask;
    }
    Ask left = ask.chat() && ask.truncates() ? withoutOldest(ask, context) : ask;
    if (left.promptTokens() <= context) {
      return left;
    }
    if (!ask.shifts()) {
      throw new Refused(EngineError.CONTEXT);
    }
    if (!ask.truncates()) {
      throw new Refused(EngineError.CONTEXT_NATIVE);
    }
    return left;
  }

  /** System messages and the last one stay, whatever their length. */
  private static Ask withoutOldest(Ask ask, int context) {
    JsonNode messages = ask.body().path("messages");
    ObjectNode body = ask.body().deepCopy();
    ArrayNode left = body.putArray("messages");
    int tokens = ask.promptTokens();
    for (int n = 0; n < messages.size(); n++) {
      JsonNode message = messages.get(n);
      boolean stays =
          n == messages.size() - 1 || message.path("role").asText().equalsIgnoreCase("system");
      if (stays || tokens <= context) {
        left.add(message);
      } else {
        tokens -= Ask.tokens(message);
      }
    }
    return Ask.chat(body);
  }
}
