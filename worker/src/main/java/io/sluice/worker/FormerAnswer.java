package io.sluice.worker;

import io.sluice.JobEvent;
import io.sluice.JobEvents;
import io.sluice.Leases.Lease;
import io.sluice.LoggedEvent;
import io.sluice.Output;
import io.sluice.Position;
import java.util.List;

/** What the last attempt before this one had said, as its readers know it from the log. */
record FormerAnswer(JobEvents events, Patience patience) {
  private static final int PAGE = 256;

  /** Empty where the log is. */
  Output before(Lease lease) {
    Transcript said = new Transcript();
    Position at = Position.START;
    List<LoggedEvent> page = page(lease, at);
    while (!page.isEmpty()) {
      for (LoggedEvent logged : page) {
        if (logged.position().fence() >= lease.fence()) {
          return said.output();
        }
        said = with(said, logged.event());
      }
      at = page.getLast().position();
      page = page(lease, at);
    }
    return said.output();
  }

  private List<LoggedEvent> page(Lease lease, Position after) {
    return patience.until(() -> events.read(lease.id(), after, PAGE));
  }

  private static Transcript with(Transcript said, JobEvent event) {
    return switch (event) {
      case JobEvent.Start start -> new Transcript();
      case JobEvent.Reset reset -> new Transcript();
      case JobEvent.End end -> new Transcript();
      case JobEvent.Token token -> said.with(token);
      case JobEvent.Thinking thinking -> said.with(thinking);
      case JobEvent.ToolCall call -> said.with(call);
    };
  }
}
