package io.sluice.file;

import io.sluice.Await;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A process that appends from several threads until it is killed, or so often as it is told, and
 * prints each number only after its entry was confirmed.
 */
final class AppendingProcess {
  private static final int THREADS = 4;

  private AppendingProcess() {}

  /** The data folder, the size of a file in bytes, the first number, how many of each thread. */
  public static void main(String[] arguments) throws InterruptedException {
    FileAuditConfig in = FileAuditConfig.in(Path.of(arguments[0]));
    FileAuditConfig config =
        new FileAuditConfig(
            in.folder(), in.checkpoint(), in.key(), Long.parseLong(arguments[1]), 0);
    int first = Integer.parseInt(arguments[2]);
    int count = Integer.parseInt(arguments[3]);
    try (FileAudit audit = FileAudit.open(config, InstantSource.system())) {
      Thread[] threads = new Thread[THREADS];
      for (int n = 0; n < THREADS; n++) {
        int from = first + n * count;
        threads[n] = Thread.ofPlatform().start(() -> append(audit, from, count));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private static void append(FileAudit audit, int from, int count) {
    for (int n = from; n < from + count; n++) {
      Await.await(audit.append(TemporaryAudit.event(n)));
      System.out.println("done " + n);
    }
  }
}
