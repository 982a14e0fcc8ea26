package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.JobRecord;
import io.sluice.Output;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.gateway.ollama.Shape.Said;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The objects that answers are made of, in the form of Ollama's own.
 *
 * @param model as the client named it, which it looks for in the answer
 */
record Lines(String model, Shape shape, InstantSource clock) {
  /**
   * RFC 3339 as Go, JavaScript, Java and every Python read it: Python before 3.11 takes neither Z
   * nor nine digits.
   */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  /** One line while it goes on. */
  ObjectNode piece(Said said) {
    return line(said).put("done", false);
  }

  /** The last line of a stream whose text is all told. */
  ObjectNode last(JobRecord ended) {
    return ended(line(Said.NOTHING), ended);
  }

  /** The last line of an answer that broke off. */
  ObjectNode broken() {
    return line(Said.NOTHING).put("done", true).put("done_reason", "error");
  }

  /** A whole answer. */
  JsonNode whole(JobRecord ended) {
    Output output = ended.ending().map(Ending::output).orElse(Output.NONE);
    return ended(line(Said.all(output)), ended);
  }

  /** The answer to a request that says nothing. */
  JsonNode loaded(String reason) {
    return line(Said.NOTHING).put("done", true).put("done_reason", reason);
  }

  private ObjectNode line(Said said) {
    ObjectNode line =
        Json.object().put("model", model).put("created_at", TIME.format(clock.instant()));
    shape.put(line, said);
    said.logprobs().ifPresent(all -> line.set("logprobs", all));
    return line;
  }

  /**
   * How it ended and what it took, in nanoseconds. A client knows of no queue: what the job waited
   * is in the whole, and counts as loading. What is nothing, or not known, is left out, as by
   * Ollama.
   */
  private static ObjectNode ended(ObjectNode line, JobRecord ended) {
    Ending ending = ended.ending().orElseThrow();
    line.put("done", true)
        .put("done_reason", ending instanceof Ending.Incomplete ? "length" : "stop");
    putCost(line, ended);
    return line;
  }

  /** Adds what an answer took, and leaves out what is nothing. */
  static void putCost(ObjectNode line, JobRecord ended) {
    Usage usage = ended.ending().orElseThrow().usage();
    Optional<Timings> engine = usage.timings();
    Instant created = ended.job().createdAt();
    Instant end = ended.endedAt().orElse(created);
    Duration waited = Duration.between(created, ended.startedAt().orElse(end));
    put(line, "total_duration", Duration.between(created, end).toNanos());
    put(line, "load_duration", waited.toNanos() + nanos(engine.flatMap(Timings::load)));
    put(line, "prompt_eval_count", usage.promptTokens());
    put(line, "prompt_eval_duration", nanos(engine.flatMap(Timings::prompt)));
    put(line, "eval_count", usage.completionTokens());
    put(line, "eval_duration", nanos(engine.flatMap(Timings::completion)));
  }

  private static void put(ObjectNode line, String name, long value) {
    if (value > 0) {
      line.put(name, value);
    }
  }

  private static long nanos(Optional<Duration> time) {
    return time.map(Duration::toNanos).orElse(0L);
  }
}
