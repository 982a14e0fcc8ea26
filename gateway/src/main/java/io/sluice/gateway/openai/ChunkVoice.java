package io.sluice.gateway.openai;

import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.codec.Json;
import io.sluice.gateway.held.Voice;
import io.sluice.gateway.problem.ErrorShape;
import io.sluice.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;

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
    return Buffer.buffer(chunks.text(piece));
  }

  @Override
  public Buffer thinking(JobEvent.Thinking piece) {
    return Buffer.buffer(chunks.thinking(piece));
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
