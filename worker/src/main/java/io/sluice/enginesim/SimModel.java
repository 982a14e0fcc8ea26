package io.sluice.enginesim;

import java.util.Set;

/**
 * A model that the simulator claims to have installed.
 *
 * @param name with its tag, such as {@code qwen3:14b}
 * @param trainedContext a larger num_ctx is silently clamped to it, as Ollama does
 * @param capabilities of {@code completion}, {@code tools}, {@code thinking}
 */
public record SimModel(String name, int trainedContext, Set<String> capabilities) {
  public SimModel {
    capabilities = Set.copyOf(capabilities);
  }

  /** A model that can chat, think and call tools, with the context of Qwen3-14B in Ollama. */
  public static SimModel named(String name) {
    return new SimModel(name, 40_960, Set.of("completion", "tools", "thinking"));
  }

  /** A model that can do nothing but complete text. */
  public static SimModel plain(String name) {
    return new SimModel(name, 40_960, Set.of("completion"));
  }

  boolean answersTo(String asked) {
    return name.equals(asked) || name.equals(asked + ":latest");
  }
}
