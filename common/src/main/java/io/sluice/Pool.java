package io.sluice;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model at a context class, such as {@code qwen3:14b@16k}: what a worker serves and a lane leads
 * to.
 *
 * @param contextTokens the context of every request of this pool, prompt and output together;
 *     workers pin it
 */
public record Pool(String model, int contextTokens) {
  public static final int DEFAULT_CONTEXT_TOKENS = 8192;

  private static final Pattern FORM =
      Pattern.compile(
          "(?<model>[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}(/[a-zA-Z0-9._-]{1,64})?(:[A-Za-z0-9._-]{1,64})?)"
              + "(@(?<context>[1-9][0-9]{0,6})(?<unit>k?))?");

  public Pool {
    if (contextTokens < 256 || contextTokens > 4 * 1024 * 1024) {
      throw new IllegalArgumentException(
          "context of " + contextTokens + " tokens: not in 256..4194304");
    }
  }

  /** Reads {@code NAME[@ctx]}; 8k where no context is named. */
  public static Pool parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no pool: write MODEL or MODEL@CONTEXT, such as qwen3:14b@16k");
    }
    if (form.group("context") == null) {
      return new Pool(form.group("model"), DEFAULT_CONTEXT_TOKENS);
    }
    int context = Integer.parseInt(form.group("context"));
    return new Pool(form.group("model"), form.group("unit").isEmpty() ? context : context * 1024);
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    boolean whole = contextTokens % 1024 == 0;
    return model + "@" + (whole ? contextTokens / 1024 + "k" : String.valueOf(contextTokens));
  }
}
