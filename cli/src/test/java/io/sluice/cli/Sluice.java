package io.sluice.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The built program as a process of its own; killed when closed. */
public final class Sluice implements AutoCloseable {
  private static final Path JAR = Path.of("target", "sluice.jar").toAbsolutePath();

  private final Process process;
  private final Path out;
  private final Path err;

  private Sluice(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a command. What it prints is kept in {@code folder}. */
  public static Sluice start(Path folder, Map<String, String> environment, String... arguments) {
    try {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  JAR.toString()));
      command.addAll(List.of(arguments));
      Path out = Files.createTempFile(folder, "out", ".txt");
      Path err = Files.createTempFile(folder, "err", ".txt");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
      builder.environment().putAll(environment);
      builder
          .environment()
          .putIfAbsent("SLUICE_AUDIT_DIR", folder.resolve("audit").toAbsolutePath().toString());
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      return new Sluice(process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end and returns what it printed. */
  public static Captured run(Path folder, Map<String, String> environment, String... arguments) {
    try (Sluice sluice = start(folder, environment, arguments)) {
      return new Captured(sluice.awaitExit(), sluice.out(), sluice.err());
    }
  }

  /** The line of standard output that begins so, without that beginning. */
  public String awaitLine(String beginning) {
    return Awaitility.await(beginning)
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                out()
                    .lines()
                    .filter(line -> line.startsWith(beginning))
                    .map(line -> line.substring(beginning.length()))
                    .findFirst()
                    .or(() -> process.isAlive() ? java.util.Optional.empty() : died()),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  private java.util.Optional<String> died() {
    throw new AssertionError("it ended with " + process.exitValue() + ": " + out() + err());
  }

  public void terminate() {
    process.destroy();
  }

  public int awaitExit() {
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        throw new AssertionError("it did not end: " + out() + err());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public String out() {
    return read(out);
  }

  public String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitExit();
  }
}
