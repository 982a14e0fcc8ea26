package io.sluice;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What an engine says of one model that it serves, for clients who ask which there are. Nothing in
 * it decides about a job.
 *
 * @param model as the pools of its worker call it
 * @param digest of what is installed
 * @param bytes of what is installed
 * @param details a JSON object in Ollama's words: {@code format}, {@code family}, {@code
 *     parameter_size}, {@code quantization_level}, …; empty where nothing is known
 * @param capabilities in Ollama's words: {@code completion}, {@code tools}, {@code thinking}, …
 * @param contextTokens that the model was made for, or the engine has for it
 * @param info a JSON object in Ollama's words: {@code general.architecture}, …; empty where nothing
 *     is known
 * @param loaded where it is in the engine's memory
 */
public record ModelFacts(
    String model,
    Optional<String> digest,
    OptionalLong bytes,
    Optional<Instant> modifiedAt,
    String details,
    List<String> capabilities,
    OptionalInt contextTokens,
    String info,
    Optional<Loaded> loaded) {

  /** So many models of one worker are told of. */
  public static final int MODELS_MAX = 64;

  /** The longest {@link #details} and {@link #info}, each; a worker leaves out what is beyond. */
  public static final int CHARS_MAX = 4 * 1024;

  public ModelFacts {
    capabilities = List.copyOf(capabilities);
  }

  /** Of a model of which the engine says no more than that it has it. */
  public static ModelFacts named(String model) {
    return new ModelFacts(
        model,
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        "{}",
        List.of(),
        OptionalInt.empty(),
        "{}",
        Optional.empty());
  }

  /**
   * A model in memory.
   *
   * @param bytes that it takes in all, 0 where that is not known
   * @param gpuBytes how much of that is on GPUs
   * @param expiresAt when the engine lets it go by itself; nothing where it does not
   */
  public record Loaded(
      long bytes, long gpuBytes, OptionalInt contextTokens, Optional<Instant> expiresAt) {}
}
