package io.sluice;

/** Which of the model server's verbs a job asks for. */
public enum JobKind {
  CHAT,
  GENERATE;

  /** The name on the wire: {@code chat}, {@code generate}. */
  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
