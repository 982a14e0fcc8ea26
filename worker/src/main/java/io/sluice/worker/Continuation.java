package io.sluice.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.tokens.TokenCounters;
import java.util.Optional;

/**
 * The beginning of an answer, which an earlier attempt wrote, to be gone on with: the model gets it
 * as the beginning of its own message (assistant prefill) and says what comes next.
 *
 * @param text never empty
 * @param tokens of the text, counted or estimated
 */
record Continuation(String text, int tokens) {
  /** A longer one is written anew: streams keep no more of what they told, either. */
  private static final int CHARS_MOST = 64 * 1024;

  /**
   * Of a plain text alone: thoughts and calls of tools have no place in a message that is not
   * finished, a structured answer would begin its grammar anew, and there are no probabilities of
   * tokens that were only read.
   */
  static Optional<Continuation> of(Job job, Output former) {
    String text = former.text();
    boolean plain = former.thinking().isEmpty() && former.toolCalls().isEmpty();
    if (!plain || !isContinuable(job) || text.isEmpty() || text.length() > CHARS_MOST) {
      return Optional.empty();
    }
    int tokens = TokenCounters.forModel(job.model()).count(text);
    return tokens < job.maxOutputTokens()
        ? Optional.of(new Continuation(text, tokens))
        : Optional.empty();
  }

  /** Whether answers to it may be gone on with, judged by what it asks for. */
  static boolean isContinuable(Job job) {
    if (job.kind() != JobKind.CHAT) {
      return false;
    }
    try {
      JsonNode request = Json.parse(job.request());
      return request.path("messages").isArray()
          && !request.hasNonNull("format")
          && !request.path("logprobs").asBoolean()
          && (!request.hasNonNull("think")
              || request.path("think").isBoolean() && !request.path("think").booleanValue());
    } catch (CodecException e) {
      return false;
    }
  }

  /** The same job, with the answer begun. */
  Job begun(Job job) {
    ObjectNode request = (ObjectNode) Json.parse(job.request());
    ArrayNode messages = request.withArray("messages");
    JsonNode last = messages.path(messages.size() - 1);
    if (last instanceof ObjectNode own && own.path("role").asText().equals("assistant")) {
      own.put("content", own.path("content").asText("") + text);
    } else {
      messages.addObject().put("role", "assistant").put("content", text);
    }
    return job.asking(Json.write(request), job.maxOutputTokens() - tokens);
  }

  /** What the whole answer cost, from what its second part did: the text was read, not written. */
  Usage whole(Usage part) {
    return new Usage(
        Math.max(0, part.promptTokens() - tokens),
        part.completionTokens() + tokens,
        part.timings());
  }
}
