package io.sluice.gateway.openai;

import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.codec.Json;
import io.sluice.gateway.held.Voice;
import io.sluice.gateway.problem.ErrorShape;
import io.sluice.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.BiFunction;

/** Speaks in chunks. */
record ChunkVoice(Chunks chunks) implements Voice {
  @Override
  public String contentType() {
    return "text/event-stream; charset=utf-8";
  }

  @Override
  public Buffer begin() {
    return Buffer.buffer(chunks.begin());
  }

  @Override
  public Buffer beat() {
    return Buffer.buffer(Chunks.HEARTBEAT);
  }

  @Override
  public Buffer text(JobEvent.Token piece) {
    return inParts(
        piece.text(),
        piece.logprobs(),
        (text, logprobs) -> chunks.text(new JobEvent.Token(text, logprobs)));
  }

  @Override
  public Buffer thinking(JobEvent.Thinking piece) {
    return inParts(
        piece.text(),
        piece.logprobs(),
        (text, logprobs) -> chunks.thinking(new JobEvent.Thinking(text, logprobs)));
  }

  /** Probabilities go with the first part: those of one piece belong together. */
  private static Buffer inParts(
      String text, Optional<String> logprobs, BiFunction<String, Optional<String>, String> chunk) {
    Buffer all = Buffer.buffer();
    Optional<String> left = logprobs;
    for (String part : Parts.of(text)) {
      all.appendString(chunk.apply(part, left));
      left = Optional.empty();
    }
    return all;
  }

  @Override
  public Buffer toolCall(JobEvent.ToolCall call) {
    return Buffer.buffer(chunks.call(call));
  }

  @Override
  public Buffer end(JobRecord ended) {
    return Buffer.buffer(chunks.end(ended.ending().orElseThrow()));
  }

  /**
   * Both SDKs raise what they find under {@code error}. {@code [DONE]} does not follow, so that
   * nobody takes the answer for whole.
   */
  @Override
  public Buffer failure(Problem why) {
    return Buffer.buffer("data: " + Json.line(ErrorShape.OPENAI.body(why)) + "\n\n");
  }
}
