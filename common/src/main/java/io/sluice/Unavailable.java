package io.sluice;

/**
 * The broker, the store or another part of the infrastructure did not answer in time. The only
 * failure that a port's Future has besides bugs. Carries no stack trace: it says what is away, not
 * where it was noticed.
 */
public final class Unavailable extends RuntimeException {
  private final String part;

  /**
   * @param part what is away: {@code queue}, {@code store}
   */
  public Unavailable(String part, String message, Throwable cause) {
    super(message, cause, false, false);
    this.part = part;
  }

  public Unavailable(String part, String message) {
    this(part, message, null);
  }

  public String part() {
    return part;
  }
}
