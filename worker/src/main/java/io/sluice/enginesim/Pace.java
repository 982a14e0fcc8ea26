package io.sluice.enginesim;

import java.io.IOException;
import java.time.Duration;

/** How a request passes its time at a loaded model: at its own speed, held back, or for ever. */
record Pace(Exchange exchange, Runner runner, Faults.Drawn faults, SimConfig config) {
  static final Duration FOR_EVER = Duration.ofDays(1);
  private static final Duration HELD_LOOK = Duration.ofMillis(20);

  /** Reads so many tokens of a prompt, and stalls before the answer where a fault says so. */
  void read(int tokens) throws ClientLeft {
    pause(millis(FaultKind.PREFILL, config.timing().prefillPerToken()).multipliedBy(tokens));
  }

  void stallFirst() throws ClientLeft {
    if (faults.has(FaultKind.STALL_FIRST)) {
      Duration stall = millis(FaultKind.STALL_FIRST, Duration.ZERO);
      pause(stall.isZero() ? FOR_EVER : stall);
    }
  }

  Duration millis(FaultKind kind, Duration otherwise) {
    return faults.has(kind)
        ? Duration.ofMillis(faults.number(kind, 0))
        : runner.placed().slowed(otherwise);
  }

  void pause(Duration time) throws ClientLeft {
    while (faults.held().getAsBoolean() || runner.hangs()) {
      pass(HELD_LOOK);
      if (runner.isKilled()) {
        throw new ClientLeft();
      }
    }
    pass(time);
  }

  private void pass(Duration time) throws ClientLeft {
    if (config.timing().noticesLate()) {
      if (runner.busyFor(time) || exchange.hasLeft()) {
        throw new ClientLeft();
      }
    } else if (!time.isZero()) {
      exchange.pause(time);
    } else if (exchange.hasLeft()) {
      throw new ClientLeft();
    }
  }

  /** The client left: the place is not free at once. */
  void left(Tally tally) {
    tally.cancelled.increment();
    int deafMillis = faults.number(FaultKind.DEAF, (int) config.timing().release().toMillis());
    runner.busyFor(Duration.ofMillis(deafMillis));
  }

  /** Something that is done at a place of the model. */
  interface Work {
    /**
     * @param free gives the place back: called before the client can know that the answer ended
     * @return whether it went well
     */
    boolean run(Runnable free) throws IOException, ClientLeft;
  }

  /** Does it, counts it, and frees the place whatever happens. */
  void occupy(Tally tally, Runnable giveBack, Work work) throws IOException, ClientLeft {
    tally.started();
    runner.beginsAnswer();
    Runnable free =
        Turn.once(
            () -> {
              tally.stopped();
              runner.endsAnswer();
              giveBack.run();
            });
    try {
      (work.run(free) ? tally.completed : tally.failed).increment();
    } catch (ClientLeft | IOException e) {
      left(tally);
      throw e;
    } finally {
      free.run();
    }
  }
}
