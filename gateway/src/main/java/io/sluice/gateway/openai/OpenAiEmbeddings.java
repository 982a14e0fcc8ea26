package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.gateway.held.Order;
import io.sluice.gateway.held.Surface;

/** {@code POST /v1/embeddings}: never streamed. */
final class OpenAiEmbeddings implements Surface {
  @Override
  public String name() {
    return "openai.embeddings";
  }

  @Override
  public Order read(JsonNode body) {
    return new EmbedTranslation(body).order();
  }
}
