package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A worker in a line. */
final class WorkerText {
  private WorkerText() {}

  static String row(JsonNode worker, Instant now) {
    return String.format(
        Locale.ROOT,
        "%-32s  %-8s  %7s slots  %3d jobs  %-12s  seen %d s ago  %s",
        worker.path("id").asText(),
        worker.path("state").asText(),
        worker.path("busy").asInt() + "/" + worker.path("slots").asInt(),
        worker.path("jobs").asInt(),
        worker.path("version").asText(),
        seconds(worker, now),
        pools(worker));
  }

  /** The clock of this machine may be behind the server's. */
  private static long seconds(JsonNode worker, Instant now) {
    Instant seen = Instant.parse(worker.path("seen_at").asText());
    return Math.max(0, Duration.between(seen, now).toSeconds());
  }

  private static String pools(JsonNode worker) {
    Set<String> ready = new TreeSet<>();
    worker
        .path("engines")
        .forEach(engine -> engine.path("ready").forEach(pool -> ready.add(pool.asText())));
    Set<String> pools = new TreeSet<>();
    worker.path("pools").forEach(pool -> pools.add(pool.asText()));
    return pools.stream()
        .map(pool -> ready.contains(pool) ? pool : pool + " (not ready)")
        .collect(Collectors.joining(" "));
  }
}
