package io.sluice.worker.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Models whose shape is known without asking an engine: Qwen3-14B, by its card and by the log of a
 * server that loaded it.
 */
public final class KnownModels {
  private static final String NAME = "qwen3:14b";
  private static final int LAYERS = 40;
  private static final int TRAINED = 40_960;
  private static final ModelShape.Cache CACHE =
      new ModelShape.Cache(2L * LAYERS * 8 * 128, 151_936 + 5_120);

  /** Linear layers of a byte each, their scales, and the rest, embeddings included, in bf16. */
  private static final long FP8_BYTES = 16_326_169_600L;

  private static final String NOT_ON_OLLAMA =
      "Ollama has no fp8 form of it: this is the checkpoint that vLLM and SGLang load";

  private KnownModels() {}

  /** The forms that are known, by their names. */
  public static Set<String> names() {
    return Set.of(NAME, NAME + "-q4_K_M", NAME + "-q8_0", NAME + "-fp16", NAME + "-fp8");
  }

  /** A model by the name that it has at Ollama. */
  public static Optional<ModelShape> named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case NAME, NAME + "-q4_k_m" -> Optional.of(qwen(name, "Q4_K_M", mib(8_429), List.of()));
      // A server logged 14,177.36 MiB; Ollama's file has its attn_v in f16, 187.5 MiB more.
      case NAME + "-q8_0" -> Optional.of(qwen(name, "Q8_0", mib(14_177.36 + 187.5), List.of()));
      case NAME + "-fp16" -> Optional.of(qwen(name, "F16", mib(26_685), List.of()));
      case NAME + "-fp8" -> Optional.of(qwen(name, "FP8", FP8_BYTES, List.of(NOT_ON_OLLAMA)));
      default -> Optional.empty();
    };
  }

  private static long mib(double mib) {
    return (long) (mib * Bytes.MIB);
  }

  private static ModelShape qwen(String name, String form, long weights, List<String> caveats) {
    return new ModelShape(
        name, "qwen3", form, LAYERS, TRAINED, CACHE, weights, caveats, Optional.empty());
  }
}
