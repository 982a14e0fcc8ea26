package io.sluice.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.sluice.Cached;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.Forecast;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Output;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.WebhookDelivery;
import io.sluice.codec.EmbeddingCodec;
import io.sluice.codec.Json;
import io.sluice.gateway.waiting.QueueView;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A job as clients see it. Every field is always there; what is not known yet is null. */
public final class JobView {
  private JobView() {}

  /** Without what is said of its wait, which changes while the job does not. */
  public static ObjectNode of(JobRecord record) {
    return of(record, Optional.empty());
  }

  public static ObjectNode of(JobRecord record, Optional<Forecast> forecast) {
    Job job = record.job();
    ObjectNode json = Json.object();
    json.put("id", job.id().value());
    json.put("object", "job");
    json.put("kind", job.kind().wireName());
    json.put("model", job.model());
    json.put("class", job.jobClass().wireName());
    json.put("state", record.state().wireName());
    json.put(
        "incomplete_reason",
        record.state() == JobState.INCOMPLETE ? Ending.Incomplete.REASON : null);
    json.put("attempt", record.attempt());
    json.put("created_at", job.createdAt().toString());
    json.put("start_by", job.startBy().toString());
    json.put("finish_by", job.finishBy().toString());
    json.put("started_at", text(record.startedAt()));
    json.put("ended_at", text(record.endedAt()));
    queue(json, record.state(), forecast);
    output(json, record);
    usage(json, record);
    timings(json, record);
    cached(json, record.cached());
    error(json, record.ending().flatMap(Ending::failure));
    ObjectNode metadata = json.putObject("metadata");
    job.metadata().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(pair -> metadata.put(pair.getKey(), pair.getValue()));
    json.set("webhook", webhook(record));
    return json;
  }

  /** What became of telling its end; null for a job whose end is told nowhere. */
  public static JsonNode webhook(JobRecord record) {
    Optional<URI> url = record.job().webhook();
    if (url.isEmpty() || record.webhook().isEmpty()) {
      return NullNode.getInstance();
    }
    WebhookDelivery delivery = record.webhook().get();
    ObjectNode json = Json.object().put("url", url.get().toString());
    json.put("state", delivery.state().wireName());
    json.put("attempts", delivery.attempts());
    json.put("last_status", delivery.lastStatus().orElse(null));
    json.put("last_problem", delivery.lastProblem().orElse(null));
    json.put("next_try", text(delivery.nextTry()));
    return json;
  }

  private static void queue(ObjectNode json, JobState state, Optional<Forecast> forecast) {
    if (state == JobState.QUEUED) {
      json.set("queue", QueueView.of(forecast));
    } else {
      json.putNull("queue");
    }
  }

  private static void output(ObjectNode json, JobRecord record) {
    Optional<Output> output = record.ending().filter(JobView::ran).map(Ending::output);
    if (output.isEmpty()) {
      json.putNull("output");
      return;
    }
    if (record.job().kind() == JobKind.EMBED) {
      String vectors = EmbeddingCodec.json(output.get().embeddings());
      json.putObject("output").putRawValue("embeddings", new RawValue(vectors));
      return;
    }
    ObjectNode shown = json.putObject("output").put("text", output.get().text());
    shown.put("thinking", output.get().thinking().orElse(null));
    ArrayNode calls = shown.putArray("tool_calls");
    output.get().toolCalls().forEach(call -> calls.add(Json.parse(call)));
    shown.set(
        "logprobs", output.get().logprobs().map(Json::parse).orElseGet(Json.MAPPER::nullNode));
  }

  private static void usage(ObjectNode json, JobRecord record) {
    Optional<Ending> ending = record.ending().filter(JobView::ran);
    if (ending.isEmpty()) {
      json.putNull("usage");
      return;
    }
    json.putObject("usage")
        .put("prompt_tokens", ending.get().usage().promptTokens())
        .put("completion_tokens", ending.get().usage().completionTokens());
  }

  private static void cached(ObjectNode json, Optional<Cached> cached) {
    if (cached.isEmpty()) {
      json.putNull("cached");
      return;
    }
    json.putObject("cached")
        .put("how", cached.get().how().wireName())
        .put("job", cached.get().source().map(JobId::value).orElse(null));
  }

  private static void timings(ObjectNode json, JobRecord record) {
    Optional<Timings> timings =
        record
            .ending()
            .filter(ending -> ran(ending) && record.cached().isEmpty())
            .map(Ending::usage)
            .flatMap(Usage::timings);
    if (timings.isEmpty()) {
      json.putNull("timings");
      return;
    }
    json.putObject("timings")
        .put("total_ns", nanos(timings.get().total()))
        .put("load_ns", nanos(timings.get().load()))
        .put("prompt_ns", nanos(timings.get().prompt()))
        .put("completion_ns", nanos(timings.get().completion()));
  }

  private static Long nanos(Optional<Duration> time) {
    return time.map(Duration::toNanos).orElse(null);
  }

  private static boolean ran(Ending ending) {
    return !(ending instanceof Ending.Expired);
  }

  private static void error(ObjectNode json, Optional<Failure> failure) {
    if (failure.isEmpty()) {
      json.putNull("error");
      return;
    }
    json.putObject("error")
        .put("code", failure.get().code().wireName())
        .put("message", failure.get().message())
        .put("retryable", failure.get().code().retryable());
  }

  private static String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }
}
