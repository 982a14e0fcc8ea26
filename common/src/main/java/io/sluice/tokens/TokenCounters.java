package io.sluice.tokens;

import io.sluice.TokenCounter;
import java.util.regex.Pattern;

/** Which counter a model has, by its name. */
public final class TokenCounters {
  /** {@code qwen3:14b}, {@code qwen3-coder:30b}, {@code someone/Qwen3-14B}; not {@code qwen3.5}. */
  private static final Pattern QWEN3 =
      Pattern.compile("(.*/)?qwen3([:_-].*)?", Pattern.CASE_INSENSITIVE);

  private static final TokenCounter EXACT = new Qwen3Tokens();
  private static final TokenCounter ESTIMATE = new EstimatedTokens();

  private TokenCounters() {}

  public static TokenCounter forModel(String model) {
    return QWEN3.matcher(model).matches() ? EXACT : ESTIMATE;
  }
}
