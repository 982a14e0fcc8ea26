package io.sluice.testservers;

import io.sluice.testservers.Commands.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Packages of npm, exactly those of a {@code package-lock.json}, checked by its digests. A Node.js
 * among them is the one that runs them; else the one on the PATH does.
 *
 * @param folder which has {@code node_modules}
 */
public record NpmPackages(Path folder) {
  private static final int LIMIT_SECONDS = 240;

  /**
   * Installs them, with an npm that is installed by apt-get if there is none.
   *
   * @param sources has {@code package.json} and its lock file
   * @param parent where the folder is made, once for each content of the lock file
   * @throws ServersMissing if that cannot be, with the reason
   */
  public static NpmPackages install(Path sources, Path parent) {
    return new NpmPackages(
        InstalledOnce.folder(
            parent, "npm", sources.resolve("package-lock.json"), folder -> fill(sources, folder)));
  }

  private static void fill(Path sources, Path folder) {
    copy(sources, folder, "package.json");
    copy(sources, folder, "package-lock.json");
    Path npm = Programs.require("npm", "npm", () -> Commands.find("npm"));
    // No package's script is run: none of these needs it.
    List<String> command =
        List.of(
            npm.toString(),
            "ci",
            "--prefix=" + folder,
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-update-notifier",
            "--loglevel=error");
    Outcome outcome = Commands.run(command, Map.of(), LIMIT_SECONDS);
    if (!outcome.succeeded()) {
      throw new ServersMissing("npm cannot install " + sources + ": " + outcome.output());
    }
  }

  private static void copy(Path sources, Path folder, String name) {
    try {
      Files.copy(sources.resolve(name), folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Node.js to run them with. */
  public Path node() {
    return Optional.of(folder.resolve("node_modules/" + builtFor() + "/bin/node"))
        .filter(Files::isExecutable)
        .or(() -> Commands.find("node"))
        .orElseThrow(() -> new ServersMissing("there is no Node.js for this kind of machine"));
  }

  private static String builtFor() {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    return "node-linux-" + (arm ? "arm64" : "x64");
  }
}
