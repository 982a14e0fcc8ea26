package io.sluice.cli.settings;

/** Whether something is done. */
public enum OnOff {
  ON,
  OFF;

  public boolean isOn() {
    return this == ON;
  }
}
