package io.sluice.worker.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Pool;
import io.sluice.codec.Json;
import io.sluice.worker.http.EmbedRequest;

/** The body of a request for embeddings. */
final class EmbedBody {
  private EmbedBody() {}

  /**
   * vLLM cuts an input that is too long where it is told to. The others do not know the field, and
   * refuse the input.
   */
  static ObjectNode of(Pool pool, EmbedRequest asked) {
    ObjectNode body = Json.object().put("model", pool.model()).put("encoding_format", "float");
    ArrayNode input = body.putArray("input");
    asked.inputs().forEach(input::add);
    asked.dimensions().ifPresent(many -> body.put("dimensions", many));
    if (asked.truncate()) {
      body.put("truncate_prompt_tokens", pool.contextTokens());
    }
    return body;
  }
}
