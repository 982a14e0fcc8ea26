package io.sluice.enginesim;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request that has its place at a loaded model: generates, counts, and gives the place back. */
record Turn(Exchange exchange, Ask ask, Runner runner, Faults.Drawn faults, SimConfig config) {
  /**
   * @param closed the request is over
   * @param giveBack frees the place
   */
  void run(Answer answer, long loadNanos, Tally tally, Runnable closed, Runnable giveBack)
      throws IOException, ClientLeft {
    tally.started();
    runner.beginsAnswer();
    Runnable free =
        once(
            () -> {
              tally.stopped();
              runner.endsAnswer();
              giveBack.run();
              closed.run();
            });
    try {
      Generating generating = new Generating(exchange, ask, runner, faults, config, answer, free);
      Generating.Outcome outcome = generating.run(loadNanos);
      (outcome.done() ? tally.completed : tally.failed).increment();
      tally.tokens.add(outcome.tokens());
    } catch (ClientLeft | IOException e) {
      tally.cancelled.increment();
      int deafMillis = faults.number(FaultKind.DEAF, (int) config.timing().release().toMillis());
      runner.busyFor(Duration.ofMillis(deafMillis));
      throw e;
    } finally {
      free.run();
    }
  }

  static Runnable once(Runnable action) {
    AtomicBoolean ran = new AtomicBoolean();
    return () -> {
      if (ran.compareAndSet(false, true)) {
        action.run();
      }
    };
  }
}
