package io.sluice.enginesim;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model that the simulator claims to have installed.
 *
 * @param name with its tag, such as {@code qwen3:14b}
 * @param trainedContext a larger num_ctx is silently clamped to it, as Ollama does
 * @param capabilities of {@code completion}, {@code tools}, {@code thinking}, {@code embedding}
 */
public record SimModel(String name, int trainedContext, Set<String> capabilities) {
  private static final Pattern EMBEDDING = Pattern.compile("embed|bge-|minilm");

  public SimModel {
    capabilities = Set.copyOf(capabilities);
  }

  /**
   * One that can do what its name says: make embeddings, or else chat, think and call tools, with
   * the context of Qwen3-14B in Ollama.
   */
  public static SimModel named(String name) {
    return EMBEDDING.matcher(name.toLowerCase(Locale.ROOT)).find()
        ? embedding(name)
        : new SimModel(name, 40_960, Set.of("completion", "tools", "thinking"));
  }

  /** A model that makes embeddings and nothing else, with the context of Qwen3-Embedding. */
  public static SimModel embedding(String name) {
    return new SimModel(name, 32_768, Set.of("embedding"));
  }

  /** A model that can do nothing but complete text. */
  public static SimModel plain(String name) {
    return new SimModel(name, 40_960, Set.of("completion"));
  }

  boolean embeds() {
    return capabilities.contains("embedding");
  }

  boolean answersTo(String asked) {
    return name.equals(asked) || name.equals(asked + ":latest");
  }
}
