package io.sluice.gateway.submit;

import java.util.Set;
import java.util.TreeSet;

/** The sampling options that a client may set; what would reload the model is not among them. */
public final class Options {
  private static final Set<String> RUNNER =
      Set.of(
          "num_ctx",
          "num_batch",
          "num_gpu",
          "main_gpu",
          "use_mmap",
          "use_mlock",
          "num_thread",
          "numa",
          "low_vram",
          "f16_kv",
          "draft_num_predict");

  private static final Set<String> ALLOWED =
      Set.of(
          "num_keep",
          "seed",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "repeat_last_n",
          "temperature",
          "repeat_penalty",
          "presence_penalty",
          "frequency_penalty",
          "stop");

  private static final int STOPS_MAX = 16;
  private static final int STOP_CHARS_MAX = 256;

  private Options() {}

  /** Whether an option is for one request, and taken. */
  public static boolean isTaken(String name) {
    return ALLOWED.contains(name);
  }

  /** Notes what is wrong with options. */
  public static void check(Fields options) {
    for (String name : names(options)) {
      if (RUNNER.contains(name)) {
        options.fault(name, "It belongs to the pool and cannot be set by a request.");
      } else if (name.equals("num_predict")) {
        options.fault(name, "Set max_output_tokens instead.");
      } else if (!ALLOWED.contains(name)) {
        options.fault(name, "There is no such option.");
      }
    }
    options.integer("num_keep", -1, Integer.MAX_VALUE);
    options.integer("seed", Integer.MIN_VALUE, Integer.MAX_VALUE);
    options.integer("top_k", 0, 1_000_000);
    options.integer("repeat_last_n", -1, Integer.MAX_VALUE);
    options.number("top_p", 0, 1);
    options.number("min_p", 0, 1);
    options.number("typical_p", 0, 1);
    options.number("temperature", 0, 100);
    options.number("repeat_penalty", 0, 100);
    options.number("presence_penalty", -100, 100);
    options.number("frequency_penalty", -100, 100);
    options.strings("stop", STOPS_MAX, STOP_CHARS_MAX);
  }

  private static Set<String> names(Fields options) {
    Set<String> names = new TreeSet<>();
    options.json().fieldNames().forEachRemaining(names::add);
    return names;
  }
}
