package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.codec.Json;

/**
 * The chunks of a text completion. It has no word for thinking or for calls, which nobody asked
 * for.
 */
final class TextChunks implements Chunks {
  private final Completion completion;

  TextChunks(Completion completion) {
    this.completion = completion;
  }

  @Override
  public String begin() {
    return completion.form().echo().isEmpty() ? "" : text(completion.form().echo());
  }

  @Override
  public String text(String piece) {
    return chunk(piece, null);
  }

  @Override
  public String thinking(String piece) {
    return "";
  }

  @Override
  public String call(String json) {
    return "";
  }

  @Override
  public String end(Ending ending) {
    String last = chunk("", FinishReason.of(ending));
    return last + (completion.form().usage() ? usage(ending) : "") + DONE;
  }

  private String usage(Ending ending) {
    ObjectNode json = head();
    json.putArray("choices");
    return frame(json.set("usage", UsageView.of(ending)));
  }

  private String chunk(String text, String finishReason) {
    ObjectNode json = head();
    json.putArray("choices")
        .addObject()
        .put("text", text)
        .put("index", 0)
        .putNull("logprobs")
        .put("finish_reason", finishReason);
    if (completion.form().usage()) {
      json.putNull("usage");
    }
    return frame(json);
  }

  private ObjectNode head() {
    return completion.head("cmpl-", "text_completion");
  }

  private static String frame(ObjectNode json) {
    return "data: " + Json.write(json) + "\n\n";
  }
}
