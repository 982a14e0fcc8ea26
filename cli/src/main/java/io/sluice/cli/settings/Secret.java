package io.sluice.cli.settings;

/** A value that is never shown: it prints as stars. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
