package io.sluice.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of the jar, and the Java that it runs on. */
public final class Version implements IVersionProvider {
  /** That of the jar; {@code development} outside of one. */
  public static String number() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sluice " + number() + " (Java " + Runtime.version() + ")"};
  }
}
