package io.sluice.enginesim;

import java.io.IOException;

/** Which path of an OpenAI server leads where. */
final class OpenAiRoutes implements Surface {
  private final OpenAiCompletions completions;
  private final OpenAiEmbeddings embeddings;
  private final Console console;

  OpenAiRoutes(OpenAiCompletions completions, OpenAiEmbeddings embeddings, Console console) {
    this.completions = completions;
    this.embeddings = embeddings;
    this.console = console;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    if (console.handles(exchange)) {
      return;
    }
    String path = exchange.request().path();
    switch (path) {
      case "/health" -> exchange.whole(200, "text/plain", "");
      case "/metrics" -> exchange.whole(200, "text/plain; version=0.0.4", completions.metrics());
      default -> {
        if (completions.admits(exchange.request())) {
          behindKey(exchange, path);
        } else {
          exchange.json(401, OpenAiError.UNAUTHORIZED.json());
        }
      }
    }
  }

  private void behindKey(Exchange exchange, String path) throws IOException {
    boolean posted = exchange.request().method().equals("POST");
    switch (path) {
      case "/v1/models" -> exchange.json(200, completions.models());
      case "/v1/chat/completions", "/v1/embeddings" -> {
        if (!posted) {
          exchange.whole(405, "application/json", "{\"detail\":\"Method Not Allowed\"}");
        } else if (path.equals("/v1/embeddings")) {
          embeddings.handle(exchange);
        } else {
          completions.handle(exchange);
        }
      }
      default -> exchange.whole(404, "application/json", "{\"detail\":\"Not Found\"}");
    }
  }
}
