package io.sluice.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar, and the Java that it runs on. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "sluice " + (version == null ? "development" : version) + " (Java " + Runtime.version() + ")"
    };
  }
}
