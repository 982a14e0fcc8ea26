package io.sluice.enginesim;

import java.util.Optional;

/** The error texts of Ollama, word by word, with the status that each has before the first byte. */
public enum EngineError {
  BUSY(503, "server busy, please try again.  maximum pending requests exceeded"),
  MODEL_MISSING(404, "model 'gone:1b' not found"),
  MODEL_MISSING_PULL(404, "model \"gone:1b\" not found, try pulling it first"),
  BAD_OPTION(400, "option \"temperature\" must be of type float32"),
  NO_BODY(400, "missing request body"),
  NO_TOOLS(400, "registry.ollama.ai/library/x:latest does not support tools"),
  NO_THINKING(400, "\"x\" does not support thinking"),
  NO_CHAT(400, "\"x\" does not support chat"),
  CONTEXT(
      400,
      "the prompt is longer than the context length currently available to the model; shorten the"
          + " prompt, adjust the context length in settings, or use a model with a longer context"
          + " length"),
  CONTEXT_NATIVE(
      400,
      "{\"error\":{\"code\":400,\"message\":\"request (9000 tokens) exceeds the available context"
          + " size (8192 tokens), try increasing it\",\"type\":\"exceed_context_size_error\","
          + "\"n_prompt_tokens\":9000,\"n_ctx\":8192}}"),
  NO_EMBEDDINGS(501, "This server does not support embeddings. Start it with `--embeddings`"),
  EMBED_CRASH(400, "do embedding request: Post \"http://127.0.0.1:41234/v1/embeddings\": EOF"),
  CONTEXT_INPUT(400, "the input length exceeds the context length"),
  LOAD_CRASH(
      500,
      "llama-server process has terminated: exit status 127: error while loading shared libraries"),
  LOAD_CRASH_OLD(500, "llama runner process has terminated: exit status 2"),
  LOAD_OOM(
      500, "llama-server reported out-of-memory during startup: cudaMalloc failed: out of memory"),
  LOAD_OOM_OLD(500, "model requires more system memory (18.2 GiB) than is available (9.1 GiB)"),
  LOAD_OOM_LAYOUT(500, "memory layout cannot be allocated"),
  LOAD_OOM_ALLOCATE(500, "failed to allocate memory for model"),
  LOAD_OOM_GPU(500, "unable to load full model on GPU"),
  LOAD_TIMEOUT(500, "timed out waiting for llama-server to start - "),
  LOAD_TIMEOUT_OLD(500, "timed out waiting for llama runner to start - progress 0.00 - "),
  LOADING(500, "unexpected server status: llm server loading model"),
  CRASH(500, "an error was encountered while running the model: unexpected EOF"),
  CRASH_CUDA(
      500,
      "an error was encountered while running the model: CUDA error: an illegal memory access was"
          + " encountered"),
  OOM(
      500,
      "an error was encountered while running the model: CUDA error: out of memory\n"
          + "  current device: 0, in function ggml_cuda_pool_vmm::alloc"),
  OOM_HIP(500, "an error was encountered while running the model: hipMalloc failed"),
  OOM_VULKAN(
      500, "an error was encountered while running the model: VK_ERROR_OUT_OF_DEVICE_MEMORY"),
  STOPPED(
      500,
      "model runner has unexpectedly stopped, this may be due to resource limitations or an"
          + " internal error, check ollama server logs for details"),
  GONE(500, "llama-server process no longer running: 1 signal: killed"),
  NO_SLOTS(500, "no slots available after 10 retries"),
  EVENT_TOO_LARGE(500, "llama-server response stream event exceeded 8 MB limit"),
  TOKEN_TOO_LONG(500, "bufio.Scanner: token too long"),
  NO_BINARY(500, "llama-server binary not found (checked: /usr/lib/ollama/llama-server)"),
  REPEAT_LIMIT(500, "prediction aborted, token repeat limit reached"),
  OTHER(500, "something else went wrong at 10.1.2.3:11434");

  private final int status;
  private final String text;

  EngineError(int status, String text) {
    this.status = status;
    this.text = text;
  }

  public int status() {
    return status;
  }

  public String text() {
    return text;
  }

  /** The name in markers and in {@code /sim/faults}: {@code load_oom}. */
  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  static Optional<EngineError> named(String wireName) {
    for (EngineError error : values()) {
      if (error.wireName().equals(wireName)) {
        return Optional.of(error);
      }
    }
    return Optional.empty();
  }
}
