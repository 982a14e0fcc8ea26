package io.sluice.gateway.batch;

import java.util.Arrays;
import java.util.Locale;

/** Where a batch stands, in OpenAI's words. */
enum BatchStatus {
  VALIDATING,
  IN_PROGRESS,
  FINALIZING,
  CANCELLING,
  FAILED,
  COMPLETED,
  EXPIRED,
  CANCELLED;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static BatchStatus parse(String text) {
    return Arrays.stream(values())
        .filter(it -> it.wireName().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no status of a batch: " + text));
  }
}
