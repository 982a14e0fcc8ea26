package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Ending;
import io.sluice.gateway.held.Order;
import io.sluice.gateway.held.Surface;
import java.util.function.BiFunction;
import java.util.function.Function;

/** OpenAI's two ways to complete something, and its way to make vectors of it. */
public final class OpenAi {
  private OpenAi() {}

  /** {@code POST /v1/chat/completions}. */
  public static Surface chat() {
    return new Completions("openai.chat", Translation::ofChat, ChatChunks::new, ChatAnswer::of);
  }

  /** {@code POST /v1/completions}. */
  public static Surface text() {
    return new Completions("openai.text", Translation::ofText, TextChunks::new, TextAnswer::of);
  }

  /** {@code POST /v1/embeddings}. */
  public static Surface embeddings() {
    return new OpenAiEmbeddings();
  }

  private record Completions(
      String name,
      Function<JsonNode, Translation> translation,
      Function<Completion, Chunks> chunks,
      BiFunction<Completion, Ending, JsonNode> answer)
      implements Surface {
    @Override
    public Order read(JsonNode body) {
      Translation read = translation.apply(body);
      AnswerForm form = read.answer();
      if (form.stream()) {
        return new Order.Streamed(
            read.job(),
            read.phrasing(),
            accepted -> new ChunkVoice(chunks.apply(Completion.of(accepted.job(), form))));
      }
      return new Order.Whole(
          read.job(),
          read.phrasing(),
          ended -> answer.apply(Completion.of(ended.job(), form), ended.ending().orElseThrow()));
    }
  }
}
