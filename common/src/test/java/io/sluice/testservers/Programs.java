package io.sluice.testservers;

import io.sluice.testservers.Commands.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where server programs are; installs them with apt-get where that can be done. */
final class Programs {
  private static final Path POLICY = Path.of("/usr/sbin/policy-rc.d");
  private static final Map<String, String> QUIET = Map.of("DEBIAN_FRONTEND", "noninteractive");

  private Programs() {}

  /** The program, installed from the package of the same name if it was not there. */
  static Path require(String program) {
    if (Commands.find("setsid").isEmpty()) {
      throw new ServersMissing("no setsid on the PATH, which starting " + program + " needs");
    }
    return require(program, program, () -> Commands.find(program));
  }

  /**
   * What {@code look} finds, after the installation of a package of Debian's if it found nothing.
   *
   * @param name of what is looked for, for messages
   */
  static Path require(String name, String debianPackage, Supplier<Optional<Path>> look) {
    return look.get().orElseGet(() -> installed(new Wanted(name, debianPackage, look)));
  }

  private record Wanted(String name, String debianPackage, Supplier<Optional<Path>> look) {}

  private static Path installed(Wanted wanted) {
    if (Commands.find("apt-get").isEmpty() || !"root".equals(System.getProperty("user.name"))) {
      throw new ServersMissing(
          "there is no "
              + wanted.name()
              + " on the PATH (nor a Docker engine that could stand in for a server), and it"
              + " cannot be installed (that needs apt-get and root)");
    }
    try {
      return installedAlone(wanted);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot install " + wanted.name(), e);
    }
  }

  /** One test JVM after the other, since all of them use the one policy file. */
  private static Path installedAlone(Wanted wanted) throws IOException {
    Path lockFile = Path.of(System.getProperty("java.io.tmpdir"), "sluice-apt.lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assert lock.isValid();
      Optional<Path> meanwhile = wanted.look().get();
      return meanwhile.isPresent() ? meanwhile.get() : installUnstarted(wanted);
    }
  }

  /** A package's own service must not start: the tests want a private server, not a system's. */
  private static Path installUnstarted(Wanted wanted) throws IOException {
    boolean ours = !Files.exists(POLICY);
    if (ours) {
      Files.writeString(POLICY, "#!/bin/sh\nexit 101\n");
      Files.setPosixFilePermissions(POLICY, PosixFilePermissions.fromString("rwxr-xr-x"));
    } else if (Commands.run(List.of(POLICY.toString(), wanted.debianPackage(), "start"), QUIET, 10)
            .status()
        != 101) {
      throw new ServersMissing(
          POLICY + " would let apt-get start " + wanted.name() + " as a service");
    }
    try {
      return install(wanted);
    } finally {
      if (ours) {
        Files.delete(POLICY);
      }
    }
  }

  private static Path install(Wanted wanted) {
    String program = wanted.debianPackage();
    Outcome outcome = apt("install", "-y", "--no-install-recommends", program);
    if (!outcome.succeeded()) {
      // Containers come without package lists, and old lists name files that are gone.
      Outcome update = apt("update");
      outcome = apt("install", "-y", "--no-install-recommends", program);
      if (!outcome.succeeded()) {
        throw new ServersMissing(
            "apt-get cannot install " + program + ": " + update.output() + outcome.output());
      }
    }
    if (Files.isDirectory(Path.of("/run/systemd/system"))) {
      Commands.run(List.of("systemctl", "disable", "--now", program), QUIET, 60);
    }
    return wanted
        .look()
        .get()
        .orElseThrow(
            () -> new ServersMissing(program + " was installed, and there is no " + wanted.name()));
  }

  private static Outcome apt(String... arguments) {
    List<String> command = new ArrayList<>(List.of("apt-get", "-o", "DPkg::Lock::Timeout=120"));
    command.addAll(List.of(arguments));
    return Commands.run(command, QUIET, 300);
  }
}
