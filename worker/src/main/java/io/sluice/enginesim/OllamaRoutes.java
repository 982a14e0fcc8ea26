package io.sluice.enginesim;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.codec.Json;
import java.io.IOException;

/** Which path of Ollama leads where. */
final class OllamaRoutes implements Surface {
  private static final String VERSION = "0.33.0";

  private final Completions completions;
  private final OllamaEmbeddings embeddings;
  private final Catalogue catalogue;
  private final Console console;

  OllamaRoutes(
      Completions completions, OllamaEmbeddings embeddings, Catalogue catalogue, Console console) {
    this.completions = completions;
    this.embeddings = embeddings;
    this.catalogue = catalogue;
    this.console = console;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    if (console.handles(exchange)) {
      return;
    }
    String path = exchange.request().path();
    switch (path) {
      case "/" -> exchange.whole(200, "text/plain; charset=utf-8", "Ollama is running");
      case "/api/version" -> exchange.json(200, Json.object().put("version", VERSION));
      case "/api/tags" -> exchange.json(200, catalogue.tags());
      case "/api/ps" -> exchange.json(200, catalogue.ps());
      case "/api/show" -> show(exchange);
      case "/api/chat", "/api/generate" -> {
        if (posted(exchange)) {
          completions.handle(exchange, path.equals("/api/chat"));
        }
      }
      case "/api/embed", "/api/embeddings" -> {
        if (posted(exchange)) {
          embeddings.handle(exchange, path.equals("/api/embeddings"));
        }
      }
      default -> exchange.whole(404, "text/plain", "404 page not found");
    }
  }

  /** Refuses any other method. */
  private static boolean posted(Exchange exchange) throws IOException {
    boolean posted = exchange.request().method().equals("POST");
    if (!posted) {
      exchange.whole(405, "text/plain", "405 method not allowed");
    }
    return posted;
  }

  private void show(Exchange exchange) throws IOException {
    try {
      exchange.json(200, catalogue.show(Json.MAPPER.readTree(exchange.request().text())));
    } catch (Refused refused) {
      exchange.error(refused.status(), refused.getMessage());
    } catch (JsonProcessingException e) {
      exchange.error(400, "invalid request body");
    }
  }
}
