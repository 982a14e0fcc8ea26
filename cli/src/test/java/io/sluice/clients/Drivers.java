package io.sluice.clients;

import io.sluice.TestServers;
import io.sluice.testservers.NpmPackages;
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

  /** A script of Node.js. */
  static Script node(String script) {
    Path sources = SOURCES.resolve("npm");
    NpmPackages packages = TestServers.npmPackages(sources);
    // A module looks for packages from where it lies.
    copy(sources, packages.folder(), "cases.mjs");
    Path copied = copy(sources, packages.folder(), script);
    return new Script(List.of(packages.node().toString(), copied.toString()));
  }

  /** A script of Python. */
  static Script python(String script) {
    Path sources = SOURCES.resolve("python");
    Path python = TestServers.pythonPackages(sources.resolve("clients.txt")).python();
    return new Script(List.of(python.toString(), sources.resolve(script).toString()));
  }

  private static Path copy(Path from, Path to, String name) {
    try {
      return Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
