package io.sluice.gateway.openai;

import java.util.ArrayList;
import java.util.List;

/** Long texts in parts, since some clients read no line of more than 128 KiB. */
final class Parts {
  /** Each may take six bytes in JSON, or twelve in JSON within JSON. */
  static final int CHARS_MAX = 8 * 1024;

  private Parts() {}

  /** At least one; cut between characters only, never within a pair of surrogates. */
  static List<String> of(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(text.length(), from + CHARS_MAX);
      boolean within = to < text.length() && Character.isHighSurrogate(text.charAt(to - 1));
      to -= within ? 1 : 0;
      parts.add(text.substring(from, to));
      from = to;
    } while (from < text.length());
    return parts;
  }
}
