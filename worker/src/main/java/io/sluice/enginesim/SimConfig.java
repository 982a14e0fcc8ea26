package io.sluice.enginesim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the simulated server behaves where no fault is switched on.
 *
 * @param host the address to listen on
 * @param port 0 for any free one
 * @param models installed ones, newest first
 * @param slots OLLAMA_NUM_PARALLEL: generations at a time, per loaded model
 * @param contextTokens OLLAMA_CONTEXT_LENGTH: where a request names no num_ctx
 * @param queueMax OLLAMA_MAX_QUEUE: requests that wait for a load; beyond it they get a 503
 * @param loadedModelsMax OLLAMA_MAX_LOADED_MODELS
 * @param timing how long things take
 * @param answerTokens the natural length of every answer; 0 leaves it to the prompt, 20 to 120
 * @param seed of the text and of the faults that have a probability
 * @param memory what models are loaded into
 */
public record SimConfig(
    String host,
    int port,
    List<SimModel> models,
    int slots,
    int contextTokens,
    int queueMax,
    int loadedModelsMax,
    Timing timing,
    int answerTokens,
    long seed,
    SimMemory memory) {

  /**
   * How long things take; all zero unless set.
   *
   * @param prefillPerToken reading one token of the prompt
   * @param perToken generating one
   * @param load loading a model
   * @param release from a closed connection until the slot is free again
   * @param noticesLate whether a closed connection is noticed only when the next token is written,
   *     as in Ollama 0.24 and older; otherwise at once
   * @param curve how much longer a token takes where several answers are generated
   */
  public record Timing(
      Duration prefillPerToken,
      Duration perToken,
      Duration load,
      Duration release,
      boolean noticesLate,
      ParallelCurve curve) {
    public static final Timing NONE =
        new Timing(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            false,
            ParallelCurve.LINEAR);

    public Timing prefillPerToken(Duration prefillPerToken) {
      return new Timing(prefillPerToken, perToken, load, release, noticesLate, curve);
    }

    public Timing perToken(Duration perToken) {
      return new Timing(prefillPerToken, perToken, load, release, noticesLate, curve);
    }

    public Timing load(Duration load) {
      return new Timing(prefillPerToken, perToken, load, release, noticesLate, curve);
    }

    public Timing release(Duration release) {
      return new Timing(prefillPerToken, perToken, load, release, noticesLate, curve);
    }

    public Timing noticesLate(boolean noticesLate) {
      return new Timing(prefillPerToken, perToken, load, release, noticesLate, curve);
    }

    public Timing curve(ParallelCurve curve) {
      return new Timing(prefillPerToken, perToken, load, release, noticesLate, curve);
    }
  }

  /** A server on a free loopback port with {@code qwen3:14b}, four slots and no delays. */
  public static final SimConfig DEFAULT =
      new SimConfig(
          "127.0.0.1",
          0,
          List.of(SimModel.named("qwen3:14b")),
          4,
          8192,
          512,
          3,
          Timing.NONE,
          0,
          42,
          SimMemory.ENDLESS);

  public SimConfig {
    models = List.copyOf(models);
    if (slots < 1 || contextTokens < 16 || queueMax < 0 || loadedModelsMax < 1) {
      throw new IllegalArgumentException(
          "slots, context and loaded models must be positive: " + slots + ", " + contextTokens);
    }
  }

  /** The installed model that answers to this name. */
  Optional<SimModel> model(String name) {
    return models.stream().filter(installed -> installed.answersTo(name)).findFirst();
  }

  public SimConfig listen(String host, int port) {
    return new SimConfig(
        host,
        port,
        models,
        slots,
        contextTokens,
        queueMax,
        loadedModelsMax,
        timing,
        answerTokens,
        seed,
        memory);
  }

  public SimConfig port(int port) {
    return listen(host, port);
  }

  public SimConfig models(SimModel... models) {
    return new SimConfig(
        host,
        port,
        List.of(models),
        slots,
        contextTokens,
        queueMax,
        loadedModelsMax,
        timing,
        answerTokens,
        seed,
        memory);
  }

  public SimConfig slots(int slots) {
    return new SimConfig(
        host,
        port,
        models,
        slots,
        contextTokens,
        queueMax,
        loadedModelsMax,
        timing,
        answerTokens,
        seed,
        memory);
  }

  public SimConfig queueMax(int queueMax) {
    return new SimConfig(
        host,
        port,
        models,
        slots,
        contextTokens,
        queueMax,
        loadedModelsMax,
        timing,
        answerTokens,
        seed,
        memory);
  }

  public SimConfig timing(Timing timing) {
    return new SimConfig(
        host,
        port,
        models,
        slots,
        contextTokens,
        queueMax,
        loadedModelsMax,
        timing,
        answerTokens,
        seed,
        memory);
  }

  public SimConfig answerTokens(int answerTokens) {
    return new SimConfig(
        host,
        port,
        models,
        slots,
        contextTokens,
        queueMax,
        loadedModelsMax,
        timing,
        answerTokens,
        seed,
        memory);
  }

  public SimConfig seed(long seed) {
    return new SimConfig(
        host,
        port,
        models,
        slots,
        contextTokens,
        queueMax,
        loadedModelsMax,
        timing,
        answerTokens,
        seed,
        memory);
  }

  public SimConfig memory(SimMemory memory) {
    return new SimConfig(
        host,
        port,
        models,
        slots,
        contextTokens,
        queueMax,
        loadedModelsMax,
        timing,
        answerTokens,
        seed,
        memory);
  }
}
