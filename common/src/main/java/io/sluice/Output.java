package io.sluice;

import java.util.List;
import java.util.Optional;

/**
 * What a model generated.
 *
 * @param toolCalls each call as the JSON object that the engine sent
 */
public record Output(String text, Optional<String> thinking, List<String> toolCalls) {
  public static final Output NONE = new Output("", Optional.empty(), List.of());

  public Output {
    toolCalls = List.copyOf(toolCalls);
  }
}
