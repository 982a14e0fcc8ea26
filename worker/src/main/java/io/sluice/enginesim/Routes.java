package io.sluice.enginesim;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.codec.Json;
import java.io.IOException;
import java.util.List;

/** Which path leads where. */
final class Routes {
  private static final String VERSION = "0.33.0";

  private final Completions completions;
  private final Catalogue catalogue;
  private final Tally tally;
  private final Faults faults;

  Routes(Completions completions, Catalogue catalogue, Tally tally, Faults faults) {
    this.completions = completions;
    this.catalogue = catalogue;
    this.tally = tally;
    this.faults = faults;
  }

  void handle(Exchange exchange) throws IOException {
    String path = exchange.request().path();
    switch (path) {
      case "/" -> exchange.whole(200, "text/plain; charset=utf-8", "Ollama is running");
      case "/api/version" -> exchange.json(200, Json.object().put("version", VERSION));
      case "/api/tags" -> exchange.json(200, catalogue.tags());
      case "/api/ps" -> exchange.json(200, catalogue.ps());
      case "/api/show" -> show(exchange);
      case "/api/chat", "/api/generate" -> complete(exchange, path.equals("/api/chat"));
      case "/sim/stats" -> exchange.json(200, Json.MAPPER.valueToTree(tally.stats()));
      case "/sim/runs" -> exchange.json(200, tally.runs());
      case "/sim/faults" -> setFaults(exchange);
      default -> exchange.whole(404, "text/plain", "404 page not found");
    }
  }

  private void complete(Exchange exchange, boolean chat) throws IOException {
    if (exchange.request().method().equals("POST")) {
      completions.handle(exchange, chat);
    } else {
      exchange.whole(405, "text/plain", "405 method not allowed");
    }
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

  /** Replaces all faults that are switched on. */
  private void setFaults(Exchange exchange) throws IOException {
    try {
      List<Fault> on = Faults.parse(Json.MAPPER.readTree(exchange.request().text()));
      faults.set(on);
      exchange.json(200, Json.object().put("on", on.size()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      exchange.error(400, "no faults: " + e.getMessage());
    }
  }
}
