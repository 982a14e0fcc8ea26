package io.sluice.testservers;

/** There is no server to test against, and why. */
public final class ServersMissing extends RuntimeException {
  public ServersMissing(String reason, Throwable cause) {
    super(reason, cause);
  }

  public ServersMissing(String reason) {
    this(reason, null);
  }
}
