package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One reader of one job, over as many connections as it takes: each goes on where the last one
 * broke off.
 */
final class Follower {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Api api;
  private final InstantSource clock;
  private final String id;
  private final JobReader reader;
  private String lastEventId = "";
  private Instant lastContact;
  private boolean contacted;
  private Duration pause = FIRST_PAUSE;

  Follower(Api api, InstantSource clock, String id, JobReader reader) {
    this.api = api;
    this.clock = clock;
    this.id = id;
    this.reader = reader;
  }

  JsonNode follow() {
    lastContact = clock.instant();
    while (true) {
      boolean met = contacted;
      try {
        Optional<JsonNode> ended = readOn();
        if (ended.isPresent()) {
          return ended.get();
        }
        waitFor(pause, Jobs.unreachable(api));
      } catch (ServerProblem problem) {
        if (problem.endedCredential() && api.isRenewable()) {
          waitFor(pause, problem.asRefusal());
          continue;
        }
        waitFor(problem.worthWaiting().orElseThrow(problem::asRefusal), problem.asRefusal());
      } catch (IOException | CodecException e) {
        if (!met && Jobs.refused(e)) {
          throw Jobs.unreachable(api, e);
        }
        waitFor(pause, Jobs.unreachable(api));
      }
    }
  }

  /** Reads over one connection; the finished job, or nothing if it broke off. */
  private Optional<JsonNode> readOn() throws IOException {
    Optional<InputStream> events = api.events(id, lastEventId);
    contacted = true;
    if (events.isEmpty()) {
      return Optional.of(api.job(id, Duration.ZERO));
    }
    try (InputStream in = events.get()) {
      EventParser parser = new EventParser(in, lastEventId);
      for (var event = parser.next(); event.isPresent(); event = parser.next()) {
        pause = FIRST_PAUSE;
        Optional<JsonNode> ended = tell(event.get());
        lastEventId = event.get().lastId();
        if (ended.isPresent()) {
          return ended;
        }
      }
    } finally {
      lastContact = clock.instant();
    }
    return Optional.empty();
  }

  private Optional<JsonNode> tell(ServerSentEvent event) {
    JsonNode data = Json.parse(event.data());
    switch (event.type()) {
      case "queue" -> reader.waiting(data);
      case "start" -> reader.started(data.path("attempt").asInt());
      case "reset" -> reader.reset(data.path("attempt").asInt(), data.path("reason").asText());
      case "token" -> reader.token(data.path("text").asText());
      case "thinking" -> reader.thinking(data.path("text").asText());
      case "tool_call" -> reader.toolCall(data);
      case "end" -> {
        return Optional.of(data);
      }
      case "error" -> throw ServerProblem.of(data);
      default -> {
        // What a newer server may say.
      }
    }
    return Optional.empty();
  }

  private void waitFor(Duration time, RuntimeException otherwise) {
    if (clock.instant().plus(time).isAfter(lastContact.plus(PATIENCE))) {
      throw otherwise;
    }
    reader.reconnecting();
    LockSupport.parkNanos(time.toNanos());
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }
}
