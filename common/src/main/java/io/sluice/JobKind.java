package io.sluice;

import java.util.Locale;

/** Which of the model server's verbs a job asks for. */
public enum JobKind {
  CHAT,
  GENERATE,
  /** Vectors of texts: nothing is generated, and the answer comes as a whole. */
  EMBED;

  /** The name on the wire: {@code chat}, {@code generate}, {@code embed}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
