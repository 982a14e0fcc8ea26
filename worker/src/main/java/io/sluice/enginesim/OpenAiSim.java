package io.sluice.enginesim;

import java.util.Optional;

/**
 * How a simulated OpenAI server differs from a simulated Ollama.
 *
 * @param cacheTokens what prompts and outputs of all running requests may hold together; 0 for as
 *     many full contexts as there are slots
 * @param key that every request must show, but for /health and /sim
 * @param thoughts how thoughts are told
 */
public record OpenAiSim(long cacheTokens, Optional<String> key, Thoughts thoughts) {
  /** A roomy cache, no key, and thoughts told as by SGLang and llama-server. */
  public static final OpenAiSim DEFAULT =
      new OpenAiSim(0, Optional.empty(), Thoughts.REASONING_CONTENT);

  /** How servers tell thoughts. */
  public enum Thoughts {
    /** SGLang, llama-server, and vLLM before 2026. */
    REASONING_CONTENT,
    /** vLLM. */
    REASONING,
    /** A server without a reasoning parser. */
    TAGS
  }

  public OpenAiSim cacheTokens(long cacheTokens) {
    return new OpenAiSim(cacheTokens, key, thoughts);
  }

  public OpenAiSim key(String key) {
    return new OpenAiSim(cacheTokens, Optional.of(key), thoughts);
  }

  public OpenAiSim thoughts(Thoughts thoughts) {
    return new OpenAiSim(cacheTokens, key, thoughts);
  }

  long tokens(SimConfig config) {
    return cacheTokens > 0 ? cacheTokens : (long) config.slots() * config.contextTokens();
  }
}
