package io.sluice.worker.ollama;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.http.Dialect;
import io.sluice.worker.http.EmbedRequest;
import io.sluice.worker.http.Vectors;
import io.sluice.worker.http.WholeAnswer;
import java.io.IOException;
import java.util.List;

/**
 * The one answer of {@code /api/embed}.
 *
 * @param promptTokens what the inputs are said to have where Ollama does not count them
 */
record EmbedDialect(EmbedRequest asked, int promptTokens) implements Dialect {
  static final String PATH = "/api/embed";

  @Override
  public boolean speaks(String contentType) {
    return contentType.contains("json");
  }

  @Override
  public Failure refusal(int status, String body) {
    try {
      return FailureMapping.ofEmbedding(status, Chunk.errorText(Json.MAPPER.readTree(body)));
    } catch (JsonProcessingException e) {
      return FailureMapping.ofEmbedding(status, "");
    }
  }

  @Override
  public Reading reading() {
    return new WholeAnswer(this::read);
  }

  private List<Piece> read(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return failed(FailureMapping.of(FailureCode.ENGINE_PROTOCOL));
    }
    Vectors vectors = new Vectors(asked);
    ObjectNode facts = Json.object().put("prompt_eval_count", promptTokens);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("embeddings") && value == JsonToken.START_ARRAY) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          vectors.add(json);
        }
      } else if (value == JsonToken.VALUE_NUMBER_INT) {
        facts.set(name, WholeAnswer.value(json));
      } else if (name.equals("error")) {
        JsonNode error = WholeAnswer.value(json);
        return failed(
            FailureMapping.of(200, error.isTextual() ? error.asText() : Json.write(error)));
      } else {
        json.skipChildren();
      }
    }
    return vectors.whole(Chunk.usage(facts));
  }

  private static List<Piece> failed(Failure why) {
    return List.of(new Piece.Failed(why));
  }
}
