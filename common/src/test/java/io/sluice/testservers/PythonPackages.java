package io.sluice.testservers;

import io.sluice.testservers.Commands.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Packages of Python in a virtual environment of their own, exactly those of a list with digests.
 *
 * @param folder of the environment
 */
public record PythonPackages(Path folder) {
  private static final int LIMIT_SECONDS = 240;
  private static final String USABLE =
      "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

  /**
   * Installs them by pip, with a Python that is installed by apt-get if there is none.
   *
   * @param requirements in pip's form, each with its digests; its name names the environment
   * @param parent where the folder is made, once for each content of the list
   * @throws ServersMissing if that cannot be, with the reason
   */
  public static PythonPackages install(Path requirements, Path parent) {
    String name = requirements.getFileName().toString().replace(".txt", "");
    return new PythonPackages(
        InstalledOnce.folder(parent, name, requirements, folder -> fill(requirements, folder)));
  }

  private static void fill(Path requirements, Path folder) {
    Path system =
        Programs.require(
            "python3 of 3.11 or newer with venv", "python3-venv", PythonPackages::usable);
    run("make an environment", system.toString(), "-m", "venv", folder.toString());
    // Wheels only: a source package would run its own build.
    run(
        "install " + requirements,
        folder.resolve("bin/python").toString(),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--require-hashes",
        "--only-binary=:all:",
        "--requirement=" + requirements.toAbsolutePath());
  }

  /** The Python that has them. */
  public Path python() {
    return folder.resolve("bin/python");
  }

  private static Optional<Path> usable() {
    return Stream.of("python3", "python3.13", "python3.12", "python3.11")
        .flatMap(name -> Commands.find(name).stream())
        .filter(
            python ->
                Commands.run(List.of(python.toString(), "-c", USABLE), Map.of(), 20).succeeded())
        .findFirst();
  }

  private static void run(String what, String... command) {
    Outcome outcome = Commands.run(List.of(command), Map.of(), LIMIT_SECONDS);
    if (!outcome.succeeded()) {
      throw new ServersMissing("python3 cannot " + what + ": " + outcome.output());
    }
  }
}
