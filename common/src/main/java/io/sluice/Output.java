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
 */
public record Output(
    String text, Optional<String> thinking, List<String> toolCalls, Optional<String> logprobs) {
  public static final Output NONE = new Output("", Optional.empty(), List.of());

  public Output {
    toolCalls = List.copyOf(toolCalls);
  }

  public Output(String text, Optional<String> thinking, List<String> toolCalls) {
    this(text, thinking, toolCalls, Optional.empty());
  }
}
