package io.sluice.cli.settings;

/** What is logged, to stderr. */
public record LogSettings(
    @Setting(
            flag = "--log",
            variable = "SLUICE_LOG",
            value = "LEVEL",
            standard = "info",
            text = "off, error, warn, info, debug or trace")
        Level level) {

  /** How much is logged. */
  public enum Level {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }
}
