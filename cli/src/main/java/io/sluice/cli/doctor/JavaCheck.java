package io.sluice.cli.doctor;

import java.util.List;

/** Whether the JDK is new enough. */
public final class JavaCheck implements Check {
  private static final int OLDEST = 21;

  private final Runtime.Version version;

  public JavaCheck(Runtime.Version version) {
    this.version = version;
  }

  @Override
  public String about() {
    return "java";
  }

  @Override
  public List<Finding> look() {
    String sentence = "Java " + version;
    return List.of(
        version.feature() >= OLDEST
            ? Finding.ok(about(), sentence)
            : Finding.failed(about(), sentence, "install a JDK of 21 or newer"));
  }
}
