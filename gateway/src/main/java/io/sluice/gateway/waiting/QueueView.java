package io.sluice.gateway.waiting;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Forecast;
import io.sluice.codec.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The {@code queue} object of a job that waits. Every field is there; what is unknown is null. */
public final class QueueView {
  private QueueView() {}

  public static ObjectNode of(Optional<Forecast> forecast) {
    ObjectNode json = Json.object();
    json.put("position", forecast.map(Forecast::position).orElse(null));
    json.put("work_ahead_tokens", forecast.map(Forecast::workAheadTokens).orElse(null));
    Optional<Instant> half = forecast.flatMap(Forecast::p50);
    Optional<Instant> most = forecast.flatMap(Forecast::p90);
    if (half.isEmpty() && most.isEmpty()) {
      json.putNull("expected_start");
    } else {
      json.putObject("expected_start").put("p50", text(half)).put("p90", text(most));
    }
    return json;
  }

  private static String text(Optional<Instant> instant) {
    return instant.map(it -> it.truncatedTo(ChronoUnit.MILLIS).toString()).orElse(null);
  }
}
