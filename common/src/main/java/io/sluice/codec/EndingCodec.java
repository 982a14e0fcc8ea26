package io.sluice.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Embedding;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobState;
import io.sluice.Output;
import io.sluice.Timings;
import io.sluice.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Endings of jobs as JSON, for the stores. A failure that this program does not know, of a newer
 * one, is an {@link FailureCode#ENGINE_ERROR} with its name in the message.
 */
public final class EndingCodec {
  private EndingCodec() {}

  public static String write(Ending ending) {
    ObjectNode json = Json.object().put("state", ending.state().wireName());
    ending
        .failure()
        .ifPresent(
            why ->
                json.putObject("failure")
                    .put("code", why.code().wireName())
                    .put("message", why.message()));
    ObjectNode output = json.putObject("output").put("text", ending.output().text());
    ending.output().thinking().ifPresent(thinking -> output.put("thinking", thinking));
    ArrayNode calls = output.putArray("tool_calls");
    ending.output().toolCalls().forEach(calls::add);
    ending.output().logprobs().ifPresent(those -> output.set("logprobs", Json.parse(those)));
    if (!ending.output().embeddings().isEmpty()) {
      ArrayNode vectors = output.putArray("embeddings");
      ending.output().embeddings().forEach(it -> vectors.add(EmbeddingCodec.pack(it)));
    }
    ObjectNode usage =
        json.putObject("usage")
            .put("prompt", ending.usage().promptTokens())
            .put("completion", ending.usage().completionTokens());
    ending.usage().timings().ifPresent(timings -> write(timings, usage.putObject("timings_ns")));
    return Json.write(json);
  }

  private static void write(Timings timings, ObjectNode json) {
    timings.total().ifPresent(time -> json.put("total", time.toNanos()));
    timings.load().ifPresent(time -> json.put("load", time.toNanos()));
    timings.prompt().ifPresent(time -> json.put("prompt", time.toNanos()));
    timings.completion().ifPresent(time -> json.put("completion", time.toNanos()));
  }

  public static Ending read(String text) {
    JsonNode json = Json.parse(text);
    Output output = output(json.path("output"));
    Usage usage = usage(json.path("usage"));
    Optional<Failure> failure = Optional.ofNullable(json.get("failure")).map(EndingCodec::failure);
    JobState state = JobState.ofWireName(json.path("state").asText());
    return switch (state) {
      case COMPLETED -> new Ending.Completed(output, usage);
      case INCOMPLETE -> new Ending.Incomplete(output, usage);
      case FAILED ->
          new Ending.Failed(
              failure.orElseThrow(() -> new CodecException("failed without failure")),
              output,
              usage);
      case CANCELLED -> new Ending.Cancelled(failure, output, usage);
      case EXPIRED -> new Ending.Expired();
      case QUEUED, IN_PROGRESS, CANCELLING -> throw new CodecException("no ending: " + state);
    };
  }

  private static Output output(JsonNode json) {
    List<String> calls = new ArrayList<>();
    json.path("tool_calls").forEach(call -> calls.add(call.asText()));
    List<Embedding> vectors = new ArrayList<>();
    json.path("embeddings").forEach(it -> vectors.add(EmbeddingCodec.unpack(it.asText())));
    return new Output(
        json.path("text").asText(),
        Optional.ofNullable(json.get("thinking")).map(JsonNode::asText),
        calls,
        Optional.ofNullable(json.get("logprobs")).map(Json::write),
        vectors);
  }

  private static Usage usage(JsonNode json) {
    return new Usage(
        json.path("prompt").asInt(),
        json.path("completion").asInt(),
        Optional.ofNullable(json.get("timings_ns")).map(EndingCodec::timings));
  }

  private static Timings timings(JsonNode json) {
    return new Timings(
        time(json, "total"), time(json, "load"), time(json, "prompt"), time(json, "completion"));
  }

  private static Optional<Duration> time(JsonNode json, String name) {
    return Optional.ofNullable(json.get(name)).map(JsonNode::asLong).map(Duration::ofNanos);
  }

  private static Failure failure(JsonNode json) {
    String name = json.path("code").asText();
    String message = json.path("message").asText();
    return Stream.of(FailureCode.values())
        .filter(code -> code.wireName().equals(name))
        .findFirst()
        .map(code -> new Failure(code, message))
        .orElseGet(() -> new Failure(FailureCode.ENGINE_ERROR, name + ": " + message));
  }
}
