package io.sluice.cli;

/** Why a command stops: one line for a person, and an exit code. Carries no stack trace. */
public final class Refusal extends RuntimeException {
  private final transient Exit exit;

  public Refusal(Exit exit, String message) {
    super(message, null, false, false);
    this.exit = exit;
  }

  public Exit exit() {
    return exit;
  }
}
