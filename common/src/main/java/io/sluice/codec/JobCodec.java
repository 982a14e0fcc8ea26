package io.sluice.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.HandOver;
import io.sluice.Idempotency;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.JobMessage;
import io.sluice.Lane;
import io.sluice.LaneOrder.Turn;
import io.sluice.Pool;
import io.sluice.RetryPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Jobs and their messages as versioned JSON. Unknown fields are ignored, and carried through where
 * a message is sent on, so that a fleet of mixed versions works. What an older program must not run
 * without knowing it, such as another kind of job, has a higher version than its {@link #VERSION}.
 */
public final class JobCodec {
  public static final int VERSION = 2;

  private JobCodec() {}

  public static byte[] write(JobMessage message) {
    ObjectNode json =
        Json.object().put("v", version(message.job())).put("attempt", message.attempt());
    json.set("job", toJson(message.job()));
    message.handOver().ifPresent(it -> json.set("hand_over", toJson(it)));
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }

  /** The lowest version that can run it: 2 knows embed jobs. */
  private static int version(Job job) {
    return switch (job.kind()) {
      case CHAT, GENERATE -> 1;
      case EMBED -> 2;
    };
  }

  public static JobMessage readMessage(byte[] bytes) {
    JsonNode json = Json.parse(new String(bytes, StandardCharsets.UTF_8));
    int version = json.path("v").asInt(-1);
    if (version > VERSION) {
      throw new CodecException.Newer(
          "message of version " + version + ", this program reads " + VERSION);
    }
    if (version < 1) {
      throw new CodecException("no message");
    }
    Job job = fromJson(required(json, "job"));
    return new JobMessage(
        job,
        required(json, "attempt").asInt(),
        Optional.ofNullable(json.get("hand_over")).map(it -> handOver(it, job)));
  }

  /** The lane is one of the job's own pool and class; a retry lane has no number. */
  private static ObjectNode toJson(HandOver it) {
    ObjectNode json = Json.object();
    if (it.turn().lane() instanceof Lane.Ready ready) {
      json.put("lane", ready.number());
    }
    return json.put("stamp", it.turn().stamp())
        .put("charged", it.turn().charged())
        .put("within", it.within().toMillis());
  }

  private static HandOver handOver(JsonNode json, Job job) {
    Lane lane =
        json.has("lane")
            ? new Lane.Ready(job.pool(), job.jobClass(), json.get("lane").asInt())
            : new Lane.Retry(job.pool(), job.jobClass());
    return new HandOver(
        new Turn(lane, required(json, "stamp").asLong(), required(json, "charged").asLong()),
        Duration.ofMillis(required(json, "within").asLong()));
  }

  /** The same message with another attempt; what a newer program wrote into it stays. */
  public static byte[] withAttempt(byte[] bytes, int attempt) {
    if (Json.parse(new String(bytes, StandardCharsets.UTF_8)) instanceof ObjectNode json) {
      return Json.write(json.put("attempt", attempt)).getBytes(StandardCharsets.UTF_8);
    }
    throw new CodecException("no message");
  }

  public static String write(Job job) {
    return Json.write(toJson(job));
  }

  public static Job readJob(String text) {
    return fromJson(Json.parse(text));
  }

  private static ObjectNode toJson(Job job) {
    ObjectNode json = Json.object();
    json.put("id", job.id().value());
    json.put("tenant", job.tenant());
    json.put("principal", job.principal());
    job.session().ifPresent(session -> json.put("session", session));
    json.put("kind", job.kind().wireName());
    json.put("model", job.pool().model());
    json.put("context", job.pool().contextTokens());
    json.put("class", job.jobClass().wireName());
    json.put("request", job.request());
    json.put("prompt_tokens", job.promptTokens());
    json.put("max_output_tokens", job.maxOutputTokens());
    json.put("created", job.createdAt().toEpochMilli());
    json.put("start_by", job.startBy().toEpochMilli());
    json.put("finish_by", job.finishBy().toEpochMilli());
    json.put("timeout", job.timeout().toMillis());
    json.set("retry", toJson(job.retry()));
    ObjectNode metadata = json.putObject("metadata");
    job.metadata().forEach(metadata::put);
    job.webhook().ifPresent(webhook -> json.put("webhook", webhook.toString()));
    job.idempotency()
        .ifPresent(
            it ->
                json.putObject("idempotency").put("key", it.key()).put("print", it.fingerprint()));
    job.traceparent().ifPresent(traceparent -> json.put("traceparent", traceparent));
    job.surface().ifPresent(surface -> json.put("surface", surface));
    return json;
  }

  private static ObjectNode toJson(RetryPolicy retry) {
    return Json.object()
        .put("attempts", retry.maxAttempts())
        .put("first", retry.firstDelay().toMillis())
        .put("max", retry.maxDelay().toMillis());
  }

  private static Job fromJson(JsonNode json) {
    try {
      return new Job(
          new JobId(text(json, "id")),
          text(json, "tenant"),
          text(json, "principal"),
          optional(json, "session"),
          JobKind.valueOf(text(json, "kind").toUpperCase(Locale.ROOT)),
          new Pool(text(json, "model"), required(json, "context").asInt()),
          JobClass.valueOf(text(json, "class").toUpperCase(Locale.ROOT)),
          text(json, "request"),
          required(json, "prompt_tokens").asInt(),
          required(json, "max_output_tokens").asInt(),
          instant(json, "created"),
          instant(json, "start_by"),
          instant(json, "finish_by"),
          Duration.ofMillis(required(json, "timeout").asLong()),
          retryPolicy(required(json, "retry")),
          strings(required(json, "metadata")),
          optional(json, "webhook").map(URI::create),
          Optional.ofNullable(json.get("idempotency"))
              .map(it -> new Idempotency(text(it, "key"), text(it, "print"))),
          optional(json, "traceparent"),
          optional(json, "surface"));
    } catch (IllegalArgumentException e) {
      throw new CodecException("not a job: " + e.getMessage(), e);
    }
  }

  private static RetryPolicy retryPolicy(JsonNode json) {
    return new RetryPolicy(
        required(json, "attempts").asInt(),
        Duration.ofMillis(required(json, "first").asLong()),
        Duration.ofMillis(required(json, "max").asLong()));
  }

  private static Map<String, String> strings(JsonNode json) {
    Map<String, String> map = new LinkedHashMap<>();
    json.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }

  private static Instant instant(JsonNode json, String field) {
    return Instant.ofEpochMilli(required(json, field).asLong());
  }

  private static String text(JsonNode json, String field) {
    return required(json, field).asText();
  }

  private static Optional<String> optional(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field)).map(JsonNode::asText);
  }

  private static JsonNode required(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      throw new CodecException("missing field '" + field + "'");
    }
    return value;
  }
}
