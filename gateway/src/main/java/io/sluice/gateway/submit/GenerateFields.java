package io.sluice.gateway.submit;

import java.util.Set;

/** The model server's fields of a single prompt. */
final class GenerateFields {
  static final Set<String> NAMES =
      Set.of(
          "prompt",
          "suffix",
          "system",
          "images",
          "format",
          "think",
          "options",
          "logprobs",
          "top_logprobs");

  private static final int IMAGES_MAX = 16;

  private GenerateFields() {}

  static void check(Fields request) {
    request.text("prompt", 1, Integer.MAX_VALUE);
    request.text("suffix", 0, Integer.MAX_VALUE);
    request.text("system", 0, Integer.MAX_VALUE);
    request.strings("images", IMAGES_MAX, Integer.MAX_VALUE);
  }
}
