package io.sluice.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that ran to its end, or to its limit.
 *
 * @param status its exit status, or -1 if it did not end in time
 */
record Finished(int status, String out, String err) {
  /**
   * Runs a program, without whatever a user has set for servers of theirs.
   *
   * @param folder where it runs, and where its output is kept
   */
  static Finished run(
      List<String> command, Map<String, String> environment, Path folder, int limitSeconds) {
    try {
      Path out = Files.createTempFile(folder, "out", ".txt");
      Path err = Files.createTempFile(folder, "err", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder
          .environment()
          .keySet()
          .removeIf(name -> name.startsWith("OLLAMA_") || name.startsWith("OPENAI_"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      try {
        process.getOutputStream().close();
        boolean ended = process.waitFor(limitSeconds, TimeUnit.SECONDS);
        return new Finished(
            ended ? process.exitValue() : -1, Files.readString(out), Files.readString(err));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What it printed, where all went well. */
  String succeeded() {
    if (status != 0) {
      throw new AssertionError("it ended with " + status + ": " + out + err);
    }
    return out;
  }
}
