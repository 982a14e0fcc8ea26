package io.sluice;

import java.util.List;
import java.util.Optional;

/**
 * What a model generated.
 *
 * @param toolCalls each call as the JSON object that the engine sent
 * @param logprobs where they were asked for, those of all tokens in order, thoughts too: a JSON
 *     array of objects as the engine sent them, with {@code token}, {@code logprob}, {@code bytes}
 *     and {@code top_logprobs}, which Ollama and OpenAI write alike
 * @param embeddings one for each input of an embed job, in their order; else none
 */
public record Output(
    String text,
    Optional<String> thinking,
    List<String> toolCalls,
    Optional<String> logprobs,
    List<Embedding> embeddings) {
  public static final Output NONE = new Output("", Optional.empty(), List.of());

  public Output {
    toolCalls = List.copyOf(toolCalls);
    embeddings = List.copyOf(embeddings);
  }

  public Output(
      String text, Optional<String> thinking, List<String> toolCalls, Optional<String> logprobs) {
    this(text, thinking, toolCalls, logprobs, List.of());
  }

  public Output(String text, Optional<String> thinking, List<String> toolCalls) {
    this(text, thinking, toolCalls, Optional.empty());
  }

  public Output with(List<Embedding> vectors) {
    return new Output(text, thinking, toolCalls, logprobs, vectors);
  }
}
