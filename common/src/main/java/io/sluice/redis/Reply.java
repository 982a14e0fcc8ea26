package io.sluice.redis;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The answer of a script: a list of texts, numbers, nothings and further lists. */
record Reply(List<Object> values) {
  int size() {
    return values.size();
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  String text(int index) {
    return optional(index).orElseThrow(() -> new IllegalStateException("no value at " + index));
  }

  Optional<String> optional(int index) {
    return Optional.ofNullable(values.get(index)).map(String::valueOf);
  }

  long number(int index) {
    return Long.parseLong(text(index));
  }

  Optional<Instant> instant(int index) {
    return optional(index).map(text -> Instant.ofEpochMilli(Long.parseLong(text)));
  }

  @SuppressWarnings("unchecked")
  Reply list(int index) {
    return new Reply((List<Object>) values.get(index));
  }

  /** The answer is a word of the script that this program does not know. */
  IllegalStateException unknown() {
    return new IllegalStateException("unknown answer: " + text(0));
  }
}
