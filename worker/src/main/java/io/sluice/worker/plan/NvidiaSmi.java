package io.sluice.worker.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks NVIDIA's tool, which comes with the driver. It can hang where a card has fallen off the bus,
 * so it has a deadline, after which it is killed.
 */
public final class NvidiaSmi implements Gpus {
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final int OUTPUT_BYTES_MAX = 64 * 1024;

  private final List<String> command;
  private final Duration within;

  NvidiaSmi(List<String> command, Duration within) {
    this.command = List.copyOf(command);
    this.within = within;
  }

  /** The tool of this machine, wherever the path finds it. */
  public static NvidiaSmi ofThisMachine() {
    return new NvidiaSmi(
        List.of(
            "nvidia-smi",
            "--query-gpu=index,name,memory.total,memory.used,utilization.gpu",
            "--format=csv,noheader,nounits"),
        WITHIN);
  }

  @Override
  public Look look() {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return new Look.None(command.getFirst() + " is not installed");
    }
    try {
      return answer(process);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Look answer(Process process) {
    CompletableFuture<String> output = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> read(process.getInputStream(), output));
    long end = System.nanoTime() + within.toNanos();
    try {
      String text = output.get(within.toNanos(), TimeUnit.NANOSECONDS);
      if (!process.waitFor(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        return late();
      }
      return process.exitValue() == 0
          ? GpuTable.read(text)
          : new Look.None(command.getFirst() + " failed: " + firstLine(text));
    } catch (TimeoutException e) {
      return late();
    } catch (ExecutionException e) {
      return new Look.None(command.getFirst() + " cannot be read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Look.None("the look was interrupted");
    }
  }

  private Look late() {
    return new Look.None(
        command.getFirst() + " gave no answer within " + within.toMillis() + " ms");
  }

  private static void read(InputStream from, CompletableFuture<String> output) {
    try {
      output.complete(new String(from.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8));
    } catch (IOException e) {
      output.completeExceptionally(e);
    }
  }

  private static String firstLine(String text) {
    String line =
        text.lines().map(String::strip).filter(it -> !it.isEmpty()).findFirst().orElse("");
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }
}
