package io.sluice;

import java.util.List;
import java.util.Optional;

/**
 * What a model generated.
 *
 * @param toolCalls each call as the JSON object that the engine sent
 * @param embeddings one for each input of an embed job, in their order; else none
 */
public record Output(
    String text, Optional<String> thinking, List<String> toolCalls, List<Embedding> embeddings) {
  public static final Output NONE = new Output("", Optional.empty(), List.of());

  public Output {
    toolCalls = List.copyOf(toolCalls);
    embeddings = List.copyOf(embeddings);
  }

  public Output(String text, Optional<String> thinking, List<String> toolCalls) {
    this(text, thinking, toolCalls, List.of());
  }

  public Output with(List<Embedding> vectors) {
    return new Output(text, thinking, toolCalls, vectors);
  }
}
