package io.sluice;

/** How urgent a job is: somebody waits for it, or nobody does. */
public enum JobClass {
  INTERACTIVE,
  BATCH;

  /** The name on the wire: {@code interactive}, {@code batch}. */
  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
