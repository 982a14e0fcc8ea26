package io.sluice.worker.ollama;

import io.sluice.worker.http.StreamBounds;
import java.time.Duration;

/**
 * The bounds of an {@link OllamaModelServer}.
 *
 * @param connectTimeout until a connection stands
 * @param loadDeadline the longest that a model may load; a load cut short starts again from nothing
 * @param probeDeadline for the one token that proves a loaded model
 * @param graceFlowing how long a slot counts as busy after a close while tokens were flowing: the
 *     server notices at its next token
 * @param gracePrefill the same before the first token: it notices at the end of a batch
 * @param lineBytesMax the longest line of a stream, as in Ollama itself
 * @param gpuRule what of a loaded model may be outside the GPU
 */
public record OllamaSettings(
    Duration connectTimeout,
    Duration loadDeadline,
    Duration probeDeadline,
    Duration graceFlowing,
    Duration gracePrefill,
    int lineBytesMax,
    GpuRule gpuRule) {
  public static final OllamaSettings DEFAULT =
      new OllamaSettings(
          Duration.ofSeconds(5),
          Duration.ofMinutes(30),
          Duration.ofMinutes(2),
          Duration.ofMillis(300),
          Duration.ofSeconds(2),
          8 * 1024 * 1024,
          GpuRule.ALL_OR_NOTHING);

  StreamBounds stream() {
    return new StreamBounds(graceFlowing, gracePrefill, lineBytesMax);
  }

  public OllamaSettings grace(Duration graceFlowing, Duration gracePrefill) {
    return new OllamaSettings(
        connectTimeout,
        loadDeadline,
        probeDeadline,
        graceFlowing,
        gracePrefill,
        lineBytesMax,
        gpuRule);
  }

  public OllamaSettings loadDeadline(Duration loadDeadline) {
    return new OllamaSettings(
        connectTimeout,
        loadDeadline,
        probeDeadline,
        graceFlowing,
        gracePrefill,
        lineBytesMax,
        gpuRule);
  }

  public OllamaSettings probeDeadline(Duration probeDeadline) {
    return new OllamaSettings(
        connectTimeout,
        loadDeadline,
        probeDeadline,
        graceFlowing,
        gracePrefill,
        lineBytesMax,
        gpuRule);
  }

  public OllamaSettings gpuRule(GpuRule gpuRule) {
    return new OllamaSettings(
        connectTimeout,
        loadDeadline,
        probeDeadline,
        graceFlowing,
        gracePrefill,
        lineBytesMax,
        gpuRule);
  }
}
