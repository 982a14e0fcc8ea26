package io.sluice.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * One `sluice` process, run from the packaged jar as an operator would, that can be killed at any
 * moment and started again with the same arguments.
 */
final class SluiceProcess implements AutoCloseable {
  private static final Collection<Process> STARTED = new ConcurrentLinkedQueue<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> STARTED.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final Path folder;
  private final Map<String, String> environment;
  private final List<String> arguments;
  private Process process;
  private int starts;

  private SluiceProcess(
      String name, Path folder, Map<String, String> environment, List<String> arguments) {
    this.name = name;
    this.folder = folder;
    this.environment = environment;
    this.arguments = arguments;
  }

  static SluiceProcess start(
      String name, Path folder, Map<String, String> environment, String... arguments) {
    SluiceProcess process =
        new SluiceProcess(name, folder, Map.copyOf(environment), List.of(arguments));
    process.start();
    return process;
  }

  /** Where all processes of a folder write their audit log. */
  static Path audit(Path folder) {
    return folder.resolve("audit").toAbsolutePath();
  }

  /** Starts it, or starts it again. */
  void start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-jar", jar().toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("SLUICE_"));
    builder.environment().putAll(environment);
    // One log of all processes, as on one machine.
    builder.environment().put("SLUICE_AUDIT_DIR", audit(folder).toString());
    starts++;
    builder.redirectOutput(log().toFile());
    try {
      process = builder.start();
      STARTED.add(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void kill9() {
    process.destroyForcibly();
    waitForExit(Duration.ofSeconds(20));
  }

  /** SIGTERM, as an orchestrator would; returns the exit code. */
  int terminate(Duration within) {
    process.destroy();
    waitForExit(within);
    return process.exitValue();
  }

  /** Waits for it to end by itself; returns the exit code. */
  int awaitExit(Duration within) {
    waitForExit(within);
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What the latest start wrote. */
  Path log() {
    return folder.resolve(name + "-" + starts + ".log");
  }

  private void waitForExit(Duration within) {
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not exit within " + within + "; see " + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Path jar() {
    return Path.of(System.getProperty("sluice.jar", "target/sluice.jar")).toAbsolutePath();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    waitForExit(Duration.ofSeconds(20));
  }
}
