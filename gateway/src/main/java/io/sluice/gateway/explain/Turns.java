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
    return turn.ahead() == 1
        ? "1 job of its lane came before it" + whose() + "."
        : turn.ahead() + " jobs of its lane came before it" + whose() + ".";
  }

  private String whose() {
    boolean shared =
        record.ticket().map(ticket -> ticket.lane() >= Lane.NUMBERS - Lane.SHARED).orElse(false);
    return (shared ? ", which several tenants share" : "")
        + turn.bound().map(it -> ", of a tenant that may run " + it.runningMax()).orElse("");
  }

  private String atBound() {
    return "It was the first of its lane, but its tenant ran "
        + turn.bound().map(Step.Bound::runningMax).orElse(0L)
        + " jobs, as many as may run at once.";
  }

  private String forTurn() {
    Step.Starts others = turn.meanwhile();
    String meanwhile =
        others.isNone()
            ? "No job of its lane was before it, and none of another lane started meanwhile."
            : "No job of its lane was before it; of other lanes "
                + others.interactive()
                + " interactive and "
                + others.batch()
                + " batch jobs started meanwhile.";
    return record.job().jobClass() == JobClass.BATCH && others.interactive() > 0
        ? meanwhile + " Interactive jobs go before batch jobs, nine parts to one."
        : meanwhile;
  }
}
