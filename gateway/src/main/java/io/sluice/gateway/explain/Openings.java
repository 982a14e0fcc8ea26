package io.sluice.gateway.explain;

import io.sluice.FailureCode;
import io.sluice.JobRecord;
import io.sluice.Step;
import io.sluice.gateway.explain.Phase.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where each phase of a job's life began, read off its steps. */
final class Openings {
  private final JobRecord record;
  private final List<Opening> all = new ArrayList<>();
  private boolean ran;

  /** The beginning of a phase, which lasts until the next one. */
  record Opening(
      Instant at,
      Kind kind,
      Optional<Integer> attempt,
      Optional<String> worker,
      Optional<String> code,
      String detail) {
    Opening(Instant at, Kind kind, String detail) {
      this(at, kind, Optional.empty(), Optional.empty(), Optional.empty(), detail);
    }
  }

  private Openings(JobRecord record) {
    this.record = record;
  }

  static List<Opening> of(JobRecord record, List<Step> steps) {
    Openings openings = new Openings(record);
    openings.open(record.job().createdAt(), Kind.ADMITTED, "");
    if (steps.isEmpty()) {
      openings.withoutHistory();
    }
    steps.forEach(openings::add);
    return openings.all;
  }

  private void open(Instant at, Kind kind, String detail) {
    all.add(new Opening(at, kind, detail));
  }

  /** A record that an older program made: it knows its start and its end. */
  private void withoutHistory() {
    all.clear();
    open(record.job().createdAt(), Kind.UNKNOWN, "");
    record
        .startedAt()
        .ifPresent(at -> add(new Step.Started(at, record.attempt(), "a worker", Optional.empty())));
  }

  private void add(Step step) {
    switch (step) {
      case Step.Admitted it -> admitted(it);
      case Step.Published it -> published(it);
      case Step.Restored it -> restored(it);
      case Step.Started it -> started(it);
      case Step.Failed it -> failed(it);
      case Step.LeaseLost it ->
          all.add(
              new Opening(
                  it.at(),
                  Kind.WORKER_LOST,
                  attempt(),
                  Optional.of(it.worker()),
                  Optional.of(FailureCode.WORKER_LOST.wireName()),
                  "Worker " + it.worker() + " did not renew its lease any more."));
      case Step.CancelAsked it ->
          open(it.at(), Kind.CANCELLING, "Its end was asked for while it ran.");
      case Step.LeftOut it ->
          open(it.at(), Kind.LEFT_OUT, it.steps() + " steps of a long history are left out.");
      case Step.Joined it -> joined(it);
      case Step.Answered it -> open(it.at(), Kind.ANSWERED, Shared.text(it.cached()));
      case Step.WebhookTried it -> {
        // It holds nothing up: the job has ended.
      }
      case Step.Ended it -> open(it.at(), Kind.ENDED, "It is " + it.state().wireName() + ".");
    }
  }

  private void admitted(Step.Admitted it) {
    if (it.delay().isPositive()) {
      open(it.at(), Kind.SMOOTHED, "Its session may send only so many a second.");
    }
    open(it.at().plus(it.delay()), Kind.PUBLISHED, "");
  }

  /** The mark may come behind the start, since it is sent in batches. */
  private void published(Step.Published it) {
    if (!ran) {
      open(it.at(), Kind.WAITED, "");
    }
  }

  private void joined(Step.Joined it) {
    Opening last = all.getLast();
    if (last.kind() == Kind.PUBLISHED) {
      all.set(all.size() - 1, new Opening(last.at(), Kind.WAITED, ""));
    }
    open(it.at(), Kind.WAITED_FOR_ANSWER, Shared.text(it.source()));
  }

  private void restored(Step.Restored it) {
    Instant created = all.getFirst().at();
    all.clear();
    open(created, Kind.UNKNOWN, "The store lost its records, this one's history among them.");
    open(it.at(), Kind.WAITED, "It came back from its message.");
  }

  private void started(Step.Started it) {
    if (!ran) {
      waited(it);
    }
    ran = true;
    all.add(
        new Opening(
            it.at(),
            Kind.RAN,
            Optional.of(it.attempt()),
            Optional.of(it.worker()),
            Optional.empty(),
            "Attempt " + it.attempt() + " on worker " + it.worker() + "."));
  }

  /** The wait is over, and the start says how it went. */
  private void waited(Step.Started it) {
    Opening last = all.getLast();
    if (last.kind() == Kind.PUBLISHED) {
      all.set(all.size() - 1, new Opening(last.at(), Kind.WAITED, ""));
    }
    if (it.turn().isPresent() && all.getLast().kind() == Kind.WAITED) {
      Turns turns = new Turns(record, it.turn().get());
      all.addAll(turns.openings(all.removeLast().at(), it.at()));
    }
  }

  static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private void failed(Step.Failed it) {
    String why = "Attempt " + record(attempt()) + " failed: " + it.code() + ".";
    Optional<String> code = Optional.of(it.code());
    if (it.notBefore().isAfter(it.at())) {
      all.add(new Opening(it.at(), Kind.PAUSED, attempt(), Optional.empty(), code, why));
    }
    all.add(
        new Opening(
            later(it.at(), it.notBefore()),
            Kind.WAITED_AGAIN,
            attempt(),
            Optional.empty(),
            code,
            why));
  }

  private static String record(Optional<Integer> attempt) {
    return attempt.map(String::valueOf).orElse("");
  }

  private Optional<Integer> attempt() {
    return all.reversed().stream().flatMap(it -> it.attempt().stream()).findFirst();
  }
}
