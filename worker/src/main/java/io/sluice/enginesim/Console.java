package io.sluice.enginesim;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.codec.Json;
import java.io.IOException;
import java.util.List;

/** The simulator's own paths, beside those of the protocol. */
record Console(Tally tally, Faults faults) {
  /** Whether it was one of them. */
  boolean handles(Exchange exchange) throws IOException {
    switch (exchange.request().path()) {
      case "/sim/stats" -> exchange.json(200, Json.MAPPER.valueToTree(tally.stats()));
      case "/sim/runs" -> exchange.json(200, tally.runs());
      case "/sim/faults" -> setFaults(exchange);
      default -> {
        return false;
      }
    }
    return true;
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
