package io.sluice.enginesim;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** A request that has its place at a loaded model: generates, counts, and gives the place back. */
record Turn(Exchange exchange, Ask ask, Runner runner, Faults.Drawn faults, SimConfig config) {
  /**
   * @param closed the request is over
   * @param place where it runs
   */
  void run(Answer answer, long loadNanos, Tally tally, Runnable closed, Place place)
      throws IOException, ClientLeft {
    Runnable giveBack =
        () -> {
          place.giveBack().run();
          closed.run();
        };
    pace()
        .occupy(
            tally,
            giveBack,
            free -> {
              Generating.Outcome outcome =
                  new Generating(this, answer, place, tally, free).run(loadNanos);
              tally.tokens.add(outcome.tokens());
              return outcome.done();
            });
  }

  Pace pace() {
    return new Pace(exchange, runner, faults, config);
  }

  /**
   * A place at a loaded model, and what is in its cache.
   *
   * @param known how many characters of a text's beginning it has read before
   * @param keep told what it has read and written
   */
  record Place(ToIntFunction<String> known, Consumer<String> keep, Runnable giveBack) {
    static Place of(Slots.Slot slot) {
      return new Place(slot::known, slot::keep, slot::giveBack);
    }

    static Place coldUntil(Runnable giveBack) {
      return new Place(text -> 0, text -> {}, giveBack);
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
