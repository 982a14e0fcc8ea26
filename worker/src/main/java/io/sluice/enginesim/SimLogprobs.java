package io.sluice.enginesim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.nio.charset.StandardCharsets;

/**
 * How probable a token was, which its text alone decides: Ollama and OpenAI's protocol have one
 * form for it.
 */
final class SimLogprobs {
  private SimLogprobs() {}

  /** A list of one, with as many others as were asked for, the token itself the first of them. */
  static ArrayNode of(String token, int others) {
    ObjectNode one = entry(token, 0);
    if (others > 0) {
      ArrayNode top = one.putArray("top_logprobs");
      for (int rank = 0; rank < others; rank++) {
        top.add(entry(rank == 0 ? token : token + "~" + rank, rank));
      }
    }
    return Json.MAPPER.createArrayNode().add(one);
  }

  private static ObjectNode entry(String token, int rank) {
    ObjectNode entry = Json.object().put("token", token);
    entry.put("logprob", -(Math.floorMod(token.hashCode(), 64) + 1) / 64.0 - rank);
    ArrayNode bytes = entry.putArray("bytes");
    for (byte one : token.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(one & 0xff);
    }
    return entry;
  }
}
