package io.sluice.cli.settings;

/** Whether a worker measures with how many slots its model servers make the most tokens. */
public enum Calibrate {
  /** Where the number of slots was not given. */
  AUTO,
  YES,
  NO;

  /**
   * @param given whether the number of slots was
   */
  public boolean wanted(boolean given) {
    return this == YES || this == AUTO && !given;
  }
}
