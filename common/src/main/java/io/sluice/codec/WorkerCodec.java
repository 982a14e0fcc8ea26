package io.sluice.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Fleet.Wish;
import io.sluice.Pool;
import io.sluice.WorkerReport;
import io.sluice.WorkerReport.Engine;
import io.sluice.WorkerReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What workers say of themselves, and what is wished of them, as JSON. Written by workers and
 * gateways of several versions at a time: what is not known is left out, and what is missing has a
 * harmless value. A worker of a state that is not known counts as serving, since it may; pools that
 * are not known as such are left out.
 */
public final class WorkerCodec {
  private WorkerCodec() {}

  public static String write(WorkerReport report) {
    ObjectNode json =
        Json.object()
            .put("id", report.id())
            .put("host", report.host())
            .put("version", report.version());
    pools(json.putArray("pools"), report.pools());
    ArrayNode engines = json.putArray("engines");
    for (Engine engine : report.engines()) {
      ObjectNode one =
          engines
              .addObject()
              .put("name", engine.name())
              .put("slots", engine.slots())
              .put("busy", engine.busy());
      pools(one.putArray("ready"), engine.ready());
    }
    return Json.write(
        json.put("state", report.state().wireName())
            .put("jobs", report.jobs())
            .put("started_at", report.startedAt().toEpochMilli()));
  }

  private static void pools(ArrayNode array, List<Pool> pools) {
    pools.forEach(pool -> array.add(pool.toString()));
  }

  /** Nothing where it is no report of a worker, as far as this version can tell. */
  public static Optional<WorkerReport> read(String text) {
    try {
      return Optional.of(report(Json.parse(text)));
    } catch (CodecException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static WorkerReport report(JsonNode json) {
    List<Engine> engines = new ArrayList<>();
    json.path("engines")
        .forEach(
            one ->
                engines.add(
                    new Engine(
                        one.path("name").asText(),
                        one.path("slots").asInt(),
                        one.path("busy").asInt(),
                        pools(one.path("ready")))));
    return new WorkerReport(
        json.path("id").asText(),
        json.path("host").asText(),
        json.path("version").asText(),
        pools(json.path("pools")),
        engines,
        state(json.path("state").asText()),
        json.path("jobs").asInt(),
        Instant.ofEpochMilli(json.path("started_at").asLong()));
  }

  private static List<Pool> pools(JsonNode array) {
    List<Pool> pools = new ArrayList<>();
    array.forEach(pool -> pool(pool.asText()).ifPresent(pools::add));
    return pools;
  }

  private static Optional<Pool> pool(String text) {
    try {
      return Optional.of(Pool.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static State state(String name) {
    return Stream.of(State.values())
        .filter(state -> state.wireName().equals(name))
        .findFirst()
        .orElse(State.SERVING);
  }

  public static String write(Wish wish) {
    return Json.write(
        switch (wish) {
          case Wish.Serve serve -> Json.object().put("wish", "serve");
          case Wish.Drain(Duration within) ->
              Json.object().put("wish", "drain").put("within_ms", within.toMillis());
        });
  }

  /** Nothing for a wish that is not known: who hears it stays as it is. */
  public static Optional<Wish> readWish(String text) {
    JsonNode json = Json.parse(text);
    return switch (json.path("wish").asText()) {
      case "serve" -> Optional.of(new Wish.Serve());
      case "drain" ->
          Optional.of(
              new Wish.Drain(
                  Duration.ofMillis(
                      Math.clamp(
                          json.path("within_ms").asLong(), 0, Wish.Drain.WITHIN_MAX.toMillis()))));
      default -> Optional.empty();
    };
  }
}
