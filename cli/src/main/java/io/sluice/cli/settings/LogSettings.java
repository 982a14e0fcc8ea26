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

  private static final String PROPERTY = "sluice.log";

  /** Logs this much from now on. logback.xml reads it when the first logger is made. */
  public void apply() {
    System.setProperty(PROPERTY, level.name());
  }

  /** Logs less where nobody asked for more than the default. */
  public static void standard(Level quieter) {
    if (Level.INFO.name().equals(System.getProperty(PROPERTY))) {
      System.setProperty(PROPERTY, quieter.name());
    }
  }

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
