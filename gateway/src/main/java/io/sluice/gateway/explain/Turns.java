package io.sluice.gateway.explain;

import io.sluice.JobClass;
import io.sluice.JobRecord;
import io.sluice.Lane;
import io.sluice.Step;
import io.sluice.gateway.explain.Openings.Opening;
import io.sluice.gateway.explain.Phase.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The wait for a first start: behind its own lane, at its tenant's bound, and for its turn. */
final class Turns {
  private final JobRecord record;
  private final Step.Turn turn;

  Turns(JobRecord record, Step.Turn turn) {
    this.record = record;
    this.turn = turn;
  }

  List<Opening> openings(Instant since, Instant start) {
    List<Opening> openings = new ArrayList<>();
    Instant first = Openings.later(since, turn.first());
    if (first.isAfter(since)) {
      openings.add(new Opening(since, Kind.WAITED_BEHIND_OWN, behindOwn()));
    }
    Instant free = turn.bound().flatMap(Step.Bound::until).filter(first::isBefore).orElse(first);
    if (free.isAfter(first) && !free.isAfter(start)) {
      openings.add(new Opening(first, Kind.WAITED_AT_BOUND, atBound()));
      first = free;
    }
    openings.add(new Opening(first, Kind.WAITED_FOR_TURN, forTurn()));
    return openings;
  }

  private String behindOwn() {
    boolean shared =
        record.ticket().map(ticket -> ticket.lane() >= Lane.NUMBERS - Lane.SHARED).orElse(false);
    return count(turn.ahead(), "job")
        + " of its lane came before it"
        + (shared ? ", which several tenants share" : "")
        + most().map(most -> ", and its tenant may run " + most + " at a time").orElse("")
        + ".";
  }

  private String atBound() {
    return "It was the first of its lane, but its tenant ran "
        + most().orElse("as many jobs")
        + ", as many as may run at a time.";
  }

  private Optional<String> most() {
    return turn.bound().map(bound -> count(bound.runningMax(), "job"));
  }

  private String forTurn() {
    Step.Starts others = turn.meanwhile();
    String meanwhile =
        others.isNone()
            ? "no job of another lane"
            : others.interactive()
                + " interactive and "
                + count(others.batch(), "batch job")
                + " of other lanes";
    String sentence = "Since it was the first of its lane " + meanwhile + " had started.";
    return record.job().jobClass() == JobClass.BATCH && others.interactive() > 0
        ? sentence + " Interactive jobs go before batch jobs, nine parts to one."
        : sentence;
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
