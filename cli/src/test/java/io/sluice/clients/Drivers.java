package io.sluice.clients;

import io.sluice.TestServers;
import io.sluice.testservers.NpmPackages;
import io.sluice.testservers.PythonPackages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The scripts of {@code src/test/clients}, with the clients that they drive installed. */
final class Drivers {
  private static final Path SOURCES = Path.of("src", "test", "clients").toAbsolutePath();

  private Drivers() {}

  static NpmPackages npm() {
    return TestServers.npmPackages(SOURCES.resolve("npm"));
  }

  /**
   * @param requirements the name of a list of packages
   */
  static PythonPackages python(String requirements) {
    return TestServers.pythonPackages(SOURCES.resolve("python").resolve(requirements));
  }

  /** A script of Node.js. */
  static Driver nodeScript(String name) {
    NpmPackages packages = npm();
    // A module looks for packages from where it lies.
    copy("cases.mjs", packages.folder());
    Path script = copy(name, packages.folder());
    return new Script(List.of(packages.node().toString(), script.toString()), packages.folder());
  }

  /** A script of Python. */
  static Driver pythonScript(String name) {
    PythonPackages packages = python("clients.txt");
    Path script = SOURCES.resolve("python").resolve(name);
    return new Script(List.of(packages.python().toString(), script.toString()), packages.folder());
  }

  private static Path copy(String name, Path to) {
    try {
      return Files.copy(
          SOURCES.resolve("npm").resolve(name),
          to.resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
