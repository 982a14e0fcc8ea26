package io.sluice.cli.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs checks side by side, each within one deadline. */
public final class Doctor {
  private final Duration deadline;

  public Doctor(Duration deadline) {
    this.deadline = deadline;
  }

  /** What all of them found, in their order. */
  public List<Finding> examine(List<Check> checks) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<List<Finding>>> looks =
          checks.stream().map(check -> threads.submit(check::look)).toList();
      List<Finding> found = new ArrayList<>();
      for (int i = 0; i < checks.size(); i++) {
        found.addAll(result(checks.get(i).about(), looks.get(i), end));
      }
      return found;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Finding> result(String about, Future<List<Finding>> look, long end)
      throws InterruptedException {
    try {
      return look.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return List.of(
          Finding.failed(
              about,
              "no answer within " + deadline.toMillis() / 1000.0 + " s",
              "see that it runs, and that nothing on the way drops its packets"));
    } catch (ExecutionException e) {
      return List.of(Finding.failed(about, said(e.getCause()), "correct its setting"));
    }
  }

  private static String said(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
