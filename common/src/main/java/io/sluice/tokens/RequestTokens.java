package io.sluice.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.TokenCounter;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a whole request: its texts, the frame that the chat template puts around each
 * message, and its tools as JSON text. Counting stops soon after a bound, so that a request that is
 * refused anyway costs no more than one that is not.
 */
public final class RequestTokens {
  /** {@code <|im_start|>role\n … <|im_end|>\n}. */
  private static final int PER_MESSAGE = 5;

  /** {@code <|im_start|>assistant\n}. */
  private static final int ANSWER = 3;

  /** The instructions that the template writes around a list of tools. */
  private static final int TOOLS = 120;

  /** What a model puts around one input of an embed request: a token at each end, at most. */
  private static final int PER_INPUT = 2;

  /** What vision models make of one picture, roughly. */
  private static final int PER_IMAGE = 1024;

  private final TokenCounter counter;
  private final long bound;
  private long tokens = ANSWER;

  private RequestTokens(TokenCounter counter, long bound) {
    this.counter = counter;
    this.bound = bound;
  }

  /**
   * Counts the model server's own fields of a chat or a generate request.
   *
   * @param bound where counting may stop: the result is exact up to it, and above it otherwise
   */
  public static int count(TokenCounter counter, JsonNode request, int bound) {
    RequestTokens count = new RequestTokens(counter, bound);
    count.request(request);
    return (int) Math.min(count.tokens, Integer.MAX_VALUE);
  }

  /**
   * Counts one input of an embed request.
   *
   * @param bound where counting may stop: the result is exact up to it, and above it otherwise
   */
  public static int input(TokenCounter counter, String text, int bound) {
    return (int) Math.min(PER_INPUT + Slices.count(counter, text, bound), Integer.MAX_VALUE);
  }

  private void request(JsonNode request) {
    request.path("messages").forEach(this::message);
    if (request.has("prompt")) {
      framed(request.path("prompt"));
      text(request.path("suffix").asText(""));
    }
    if (request.has("system")) {
      framed(request.path("system"));
    }
    if (!request.path("tools").isEmpty()) {
      tokens += TOOLS;
      text(request.path("tools").toString());
    }
    images(request);
  }

  private void message(JsonNode message) {
    tokens += PER_MESSAGE;
    texts(message).forEach(this::text);
    images(message);
  }

  private static List<String> texts(JsonNode message) {
    List<String> texts = new ArrayList<>();
    texts.add(message.path("content").asText(""));
    texts.add(message.path("thinking").asText(""));
    texts.add(message.path("tool_name").asText(""));
    if (!message.path("tool_calls").isEmpty()) {
      texts.add(message.path("tool_calls").toString());
    }
    return texts;
  }

  private void framed(JsonNode text) {
    tokens += PER_MESSAGE;
    text(text.asText(""));
  }

  private void text(String text) {
    if (!text.isEmpty() && tokens <= bound) {
      tokens += Slices.count(counter, text, bound - tokens);
    }
  }

  private void images(JsonNode holder) {
    tokens += (long) PER_IMAGE * holder.path("images").size();
  }
}
