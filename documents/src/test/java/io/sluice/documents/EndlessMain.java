package io.sluice.documents;

import io.sluice.TextExtraction.Bounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server that is about an endless document, and says which process reads it. */
final class EndlessMain {
  private EndlessMain() {}

  public static void main(String[] arguments) throws Exception {
    Extracting extracting = new Extracting();
    Bounds patient = new Bounds(1 << 20, 1_000, Duration.ofMinutes(5));
    Thread.ofPlatform()
        .start(() -> extracting.of(HostilePdfs.endlessContent(), "endless.pdf", patient));
    while (!isBusy(extracting.processes)) {
      Thread.onSpinWait();
    }
    System.out.println(extracting.processes.pids().getFirst());
    Thread.currentThread().join();
  }

  /** Whether a process has taken a document in. */
  static boolean isBusy(ReaderProcesses processes) {
    List<Long> pids = processes.pids();
    return !pids.isEmpty() && Files.exists(Path.of("/proc/" + pids.getFirst() + "/cwd/document"));
  }
}
