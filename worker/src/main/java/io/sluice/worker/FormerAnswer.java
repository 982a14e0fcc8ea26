package io.sluice.worker;

import io.sluice.JobEvent;
import io.sluice.JobEvents;
import io.sluice.Leases.Lease;
import io.sluice.LoggedEvent;
import io.sluice.Output;
import io.sluice.Position;
import java.util.List;

/**
 * What the attempts before this one had said, as their readers know it from the log: the last one's
 * answer, or that of one before it where the last one was lost before it said anything else.
 */
record FormerAnswer(JobEvents events, Patience patience) {
  private static final int PAGE = 256;

  /** Empty where the log is. */
  Output before(Lease lease) {
    Output known = Output.NONE;
    Transcript said = new Transcript();
    Position at = Position.START;
    List<LoggedEvent> page = page(lease, at);
    while (!page.isEmpty()) {
      for (LoggedEvent logged : page) {
        if (logged.position().fence() >= lease.fence()) {
          return later(known, said.output());
        }
        if (begins(logged.event())) {
          known = later(known, said.output());
          said = new Transcript();
        } else {
          add(said, logged.event());
        }
      }
      at = page.getLast().position();
      page = page(lease, at);
    }
    return later(known, said.output());
  }

  /**
   * What readers know after the second, which may have repeated a part of the first, and no more.
   */
  private static Output later(Output first, Output second) {
    boolean silent = second.thinking().isEmpty() && second.toolCalls().isEmpty();
    return silent && first.text().startsWith(second.text()) ? first : second;
  }

  private List<LoggedEvent> page(Lease lease, Position after) {
    return patience.until(() -> events.read(lease.id(), after, PAGE));
  }

  private static boolean begins(JobEvent event) {
    return event instanceof JobEvent.Start || event instanceof JobEvent.Reset;
  }

  private static void add(Transcript said, JobEvent event) {
    if (!(event instanceof JobEvent.End)) {
      said.add(event);
    }
  }
}
