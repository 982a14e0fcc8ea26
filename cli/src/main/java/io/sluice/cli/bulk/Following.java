package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.client.ResultReader;
import io.sluice.cli.client.Undertaking;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Follows an undertaking to its end: its results go one way, how far it is another. */
record Following(Surroundings around, Undertaking kind, Progress progress) {
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** What has passed its window needs a little to be ended. */
  private static final Duration AFTER_WINDOW = Duration.ofMinutes(10);

  /**
   * Tells every result after one.
   *
   * @param begun as it was last seen
   * @return it, ended
   */
  JsonNode follow(JsonNode begun, long after, ResultReader reader) {
    expires(begun).ifPresent(end -> around.bulk().until(end.plus(AFTER_WINDOW)));
    String id = begun.path("id").asText();
    CountDownLatch ended = new CountDownLatch(1);
    Thread watching = Thread.ofVirtual().name("progress").start(() -> watch(id, begun, ended));
    try {
      return around.bulk().follow(kind, id, after, reader);
    } finally {
      ended.countDown();
      join(watching);
      around.line().close();
    }
  }

  private void watch(String id, JsonNode begun, CountDownLatch ended) {
    Optional<JsonNode> seen = Optional.of(begun);
    do {
      seen.ifPresent(this::show);
      if (awaits(ended)) {
        return;
      }
      seen = around.bulk().look(kind, id);
    } while (true);
  }

  private void show(JsonNode seen) {
    around.line().show(columns -> progress.line(seen, around.clock().instant(), columns));
  }

  private static boolean awaits(CountDownLatch ended) {
    try {
      return ended.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Batches tell seconds since 1970, pipelines ISO 8601. */
  private static Optional<Instant> expires(JsonNode undertaking) {
    JsonNode at = undertaking.path("expires_at");
    try {
      return at.isNumber()
          ? Optional.of(Instant.ofEpochSecond(at.asLong()))
          : Optional.of(Instant.parse(at.asText()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
