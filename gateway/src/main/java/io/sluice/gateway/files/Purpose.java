package io.sluice.gateway.files;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a file is for: OpenAI's names, of which Sluice itself makes use of few. */
public enum Purpose {
  ASSISTANTS,
  BATCH,
  EVALS,
  FINE_TUNE,
  USER_DATA,
  VISION,

  /** What a batch makes; nobody uploads it. */
  BATCH_OUTPUT;

  /** The name on the wire: {@code user_data}. */
  public String wireName() {
    return this == FINE_TUNE ? "fine-tune" : name().toLowerCase(Locale.ROOT);
  }

  static Optional<Purpose> parse(String text) {
    return Arrays.stream(values()).filter(one -> one.wireName().equals(text)).findAny();
  }

  boolean isUploaded() {
    return this != BATCH_OUTPUT;
  }
}
