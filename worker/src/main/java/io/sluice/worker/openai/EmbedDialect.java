package io.sluice.worker.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.http.Dialect;
import io.sluice.worker.http.EmbedRequest;
import io.sluice.worker.http.Vectors;
import io.sluice.worker.http.WholeAnswer;
import java.io.IOException;
import java.util.List;

/**
 * The one answer of {@code /v1/embeddings}. All servers write its vectors in the order of the
 * inputs.
 *
 * @param promptTokens what the inputs are said to have where the server does not count them
 */
record EmbedDialect(EmbedRequest asked, int promptTokens) implements Dialect {
  static final String PATH = "/v1/embeddings";

  @Override
  public boolean speaks(String contentType) {
    return contentType.contains("json");
  }

  /** A server that makes no embeddings has no such path. */
  @Override
  public Failure refusal(int status, String body) {
    Failure why = OpenAiErrors.refusal(status, body);
    boolean noPath = status == 404 || status == 405;
    return noPath && why.code() == FailureCode.ENGINE_UNREACHABLE
        ? new Failure(FailureCode.INVALID_REQUEST, "The model makes no embeddings.")
        : why;
  }

  @Override
  public Reading reading() {
    return new WholeAnswer(this::read);
  }

  private List<Piece> read(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return failed(OpenAiErrors.of(FailureCode.ENGINE_PROTOCOL));
    }
    Vectors vectors = new Vectors(asked);
    int tokens = promptTokens;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("data") && value == JsonToken.START_ARRAY) {
        while (json.nextToken() == JsonToken.START_OBJECT) {
          one(json, vectors);
        }
      } else if (name.equals("usage")) {
        JsonNode usage = WholeAnswer.value(json);
        tokens =
            usage.path("prompt_tokens").asInt(0) > 0 ? usage.path("prompt_tokens").asInt() : tokens;
      } else if (name.equals("error") && value != JsonToken.VALUE_NULL) {
        JsonNode error = WholeAnswer.value(json);
        return failed(OpenAiErrors.midStream(Json.object().set("error", error)));
      } else {
        json.skipChildren();
      }
    }
    return vectors.whole(new Usage(tokens, 0));
  }

  /** {@code {"object":"embedding","index":0,"embedding":[…]}}, in whatever order. */
  private static void one(JsonParser json, Vectors vectors) throws IOException {
    int place = vectors.size();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("embedding")) {
        vectors.add(json);
      } else if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
        vectors.expect(place, json.getIntValue());
      } else {
        json.skipChildren();
      }
    }
  }

  private static List<Piece> failed(Failure why) {
    return List.of(new Piece.Failed(why));
  }
}
