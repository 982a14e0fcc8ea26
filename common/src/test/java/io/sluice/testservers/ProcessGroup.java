package io.sluice.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program and everything that it started, in a session of its own, so that signals reach all of
 * it and nothing else.
 */
final class ProcessGroup {
  private final Process leader;

  private ProcessGroup(Process leader) {
    this.leader = leader;
  }

  /** Starts a program whose output goes to {@code log}. */
  static ProcessGroup start(
      List<String> command, Map<String, String> environment, Path folder, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(prefixed("setsid", command))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      ProcessGroup group = new ProcessGroup(builder.start());
      Watchdog.guard(group.id());
      return group;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.get(0), e);
    }
  }

  boolean isAlive() {
    return leader.isAlive();
  }

  /** Ends every process of the group, at once, and waits until the leader is gone. */
  void kill9() {
    signal("KILL");
    try {
      if (!leader.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + id() + " survived SIGKILL");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Watchdog.release(id());
  }

  void suspend() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  private long id() {
    return leader.pid();
  }

  private void signal(String name) {
    Commands.run(List.of("sh", "-c", "kill -s " + name + " -- -" + id()), Map.of(), 10);
  }

  private static List<String> prefixed(String first, List<String> rest) {
    return java.util.stream.Stream.concat(java.util.stream.Stream.of(first), rest.stream())
        .toList();
  }
}
