package io.sluice.gateway.responses;

import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.LoggedEvent;
import io.sluice.Output;
import io.sluice.Position;
import io.sluice.Ticket;
import io.sluice.Usage;
import io.sluice.codec.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A job of a response, and what its log may hold. */
final class Logs {
  static final Instant CREATED = Instant.parse("2026-11-30T22:00:00Z");
  static final Job JOB =
      Jobs.chat(CREATED)
          .job()
          .surface(new Kept(true, true, Optional.empty(), false, 0, Json.object()).json());

  private final List<LoggedEvent> events = new ArrayList<>();
  private long fence = CREATED.toEpochMilli() + 5;
  private long seq;

  static JobRecord record(JobState state, Optional<Ending> ending) {
    return new JobRecord(
        JOB,
        state,
        true,
        1,
        0,
        0,
        1,
        Optional.empty(),
        Optional.empty(),
        ending.map(it -> CREATED.plusSeconds(60)),
        ending,
        Optional.of(new Ticket(0, 0, 0)),
        Optional.empty());
  }

  static JobRecord queued() {
    return record(JobState.QUEUED, Optional.empty());
  }

  Logs add(JobEvent event) {
    boolean first = event instanceof JobEvent.Start || event instanceof JobEvent.Reset;
    fence += first ? 1_000 : 0;
    seq = first ? 0 : seq + 1;
    events.add(new LoggedEvent(new Position(fence, seq), event));
    return this;
  }

  Logs start() {
    return add(new JobEvent.Start(1));
  }

  Logs reset(String reason) {
    return add(new JobEvent.Reset(2, reason));
  }

  Logs text(String... pieces) {
    for (String piece : pieces) {
      add(new JobEvent.Token(piece));
    }
    return this;
  }

  Logs thinking(String... pieces) {
    for (String piece : pieces) {
      add(new JobEvent.Thinking(piece));
    }
    return this;
  }

  Logs call(String json) {
    return add(new JobEvent.ToolCall(json));
  }

  Logs end(JobState state) {
    return add(new JobEvent.End(state));
  }

  /** The store loses everything and takes in what comes from now on. */
  Logs lost() {
    events.clear();
    return this;
  }

  List<LoggedEvent> events() {
    return List.copyOf(events);
  }

  /** The job as it is when it has ended: with the output of the last attempt in the log. */
  JobRecord completed() {
    List<JobEvent> last = new ArrayList<>();
    for (LoggedEvent logged : events) {
      if (logged.event() instanceof JobEvent.Reset) {
        last.clear();
      }
      last.add(logged.event());
    }
    Output output =
        new Output(
            joined(last, JobEvent.Token.class),
            Optional.of(joined(last, JobEvent.Thinking.class)).filter(it -> !it.isEmpty()),
            last.stream()
                .filter(JobEvent.ToolCall.class::isInstance)
                .map(it -> ((JobEvent.ToolCall) it).json())
                .toList());
    return record(JobState.COMPLETED, Optional.of(new Ending.Completed(output, new Usage(7, 9))));
  }

  private static String joined(List<JobEvent> events, Class<? extends JobEvent> type) {
    return events.stream()
        .filter(type::isInstance)
        .map(
            it ->
                it instanceof JobEvent.Token token ? token.text() : ((JobEvent.Thinking) it).text())
        .collect(Collectors.joining());
  }

  /** Everything that a log makes. */
  static List<Numbered> numbered(List<LoggedEvent> log, JobRecord ended) {
    Numbering numbering = new Numbering(ended);
    List<Numbered> all = new ArrayList<>(numbering.opening());
    for (LoggedEvent logged : log) {
      all.addAll(numbering.next(logged));
      if (logged.event() instanceof JobEvent.End) {
        all.addAll(numbering.end(ended));
      }
    }
    return all;
  }
}
