package io.sluice.worker;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobMessage;
import io.sluice.JobRecord;
import io.sluice.Leases.Claim;
import io.sluice.Leases.Settled;
import io.sluice.Subscription;
import io.sluice.Usage;
import io.sluice.worker.Outcome.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** What a granted claim leads to: one attempt, and then the end of the job or another attempt. */
final class Execution {
  /** Losses of the record in a row, while the end of the job is being written. */
  private static final int RESTORES_MOST = 5;

  private final Workplace place;
  private final Seat seat;
  private final JobRecord record;
  private final Tenure tenure;
  private final TokenLog log;
  private Instant began;
  private Usage spent = Usage.NONE;
  private Optional<Presence> presence = Optional.empty();
  private Optional<Continuation> begun = Optional.empty();

  Execution(Workplace place, Seat seat, JobMessage message, Claim.Granted granted) {
    this.place = place;
    this.seat = seat;
    this.record = granted.record();
    this.tenure = new Tenure(place.ports().leases(), place.patience(), message, granted.lease());
    this.log =
        new TokenLog(
            place.ports().events(), tenure, place.patience(), place.config().pace().flush());
    this.began = place.clock().instant();
  }

  /** Stops the attempt, for its job to be given back. */
  void giveBack() {
    tenure.stop(Stop.DRAINED);
  }

  Next run() {
    Subscription renewing = place.renewals().keep(tenure);
    try {
      return standing().isSuspect() ? runAlone() : runNow();
    } finally {
      renewing.close();
    }
  }

  private Standing standing() {
    return Standing.of(record.losses(), place.suspects().isStruckAgain(record.id()));
  }

  /** Keeps the lease while another suspect has its turn. */
  private Next runAlone() {
    if (!place.suspects().tryEnter()) {
      switch (seat.park(() -> place.suspects().enter(this::goesOn))) {
        case READY -> {}
        case GAVE_UP -> {
          return conclude(new Outcome.Stopped(tenure.stopped().orElse(Stop.DRAINED)));
        }
        case NO_PLACE -> {
          return requeue(
              new Failure(FailureCode.ENGINE_BUSY, "the worker tries other suspects first"),
              place.config().pace().parkAtMost().multipliedBy(2));
        }
      }
    }
    try {
      return runNow();
    } finally {
      place.suspects().leave();
    }
  }

  /** A record that the store lost meanwhile is restored at once, for those who look for the job. */
  private boolean goesOn() {
    return place.life().isOpen()
        && tenure.stopped().isEmpty()
        && (!tenure.isGone() || tenure.reclaim());
  }

  private Next runNow() {
    if (!place.life().isOpen()) {
      giveBack();
    } else if (!seat.hasSlot()) {
      return requeue(
          new Failure(FailureCode.ENGINE_UNREACHABLE, "no engine serves the model at present"),
          place.config().pace().parkAtMost().multipliedBy(2));
    }
    Optional<Stop> stopped = tenure.stopped();
    return conclude(stopped.isPresent() ? new Outcome.Stopped(stopped.get()) : attempt());
  }

  private Outcome attempt() {
    try (Presence here =
        new Presence(
            seat.engine(),
            record.job().pool(),
            standing(),
            () -> tenure.stop(Stop.ENGINE_LOST),
            this::mayBegin)) {
      presence = Optional.of(here);
      if (!mayBegin()) {
        return new Outcome.Stopped(tenure.stopped().orElse(Stop.DRAINED));
      }
      return here.isServed() ? attempt(here) : new Outcome.Stopped(Stop.UNSERVED);
    }
  }

  /** Asked while it waits for others at its engine, too. */
  private boolean mayBegin() {
    return place.life().isOpen() && tenure.stopped().isEmpty();
  }

  private Outcome attempt(Presence here) {
    Job job = record.job();
    began = place.clock().instant();
    place.listener().started(record, Duration.between(job.createdAt(), began));
    log.start();
    begun = begun();
    begun.ifPresent(it -> log.add(new JobEvent.Token(it.text())));
    Outcome outcome =
        new Attempt(
                begun.map(it -> it.begun(job)).orElse(job),
                place.config(),
                tenure,
                here,
                log,
                after -> place.listener().firstToken(job, after))
            .run(seat.engine().server());
    spent = used();
    if (outcome instanceof Outcome.Answered(boolean lengthReached, Usage part, Duration reading)) {
      Usage whole = begun.map(it -> it.whole(part)).orElse(part);
      Outcome.Answered answered = new Outcome.Answered(lengthReached, whole, reading);
      outcome = answered;
      spent = whole;
      seat.engine().answered(job, answered, log.thought(), ran());
      place.handOvers().served(job, seat.engine());
    }
    return outcome;
  }

  /** What an earlier attempt had said of the answer, where this one may go on with it. */
  private Optional<Continuation> begun() {
    Job job = record.job();
    if (!place.config().continues()
        || record.attempt() < 2
        || !seat.engine().server().continuesAnswers()
        || !Continuation.isContinuable(job)) {
      return Optional.empty();
    }
    FormerAnswer former = new FormerAnswer(place.ports().events(), place.patience());
    return Continuation.of(job, former.before(tenure.lease()));
  }

  private Duration ran() {
    return Duration.between(began, place.clock().instant());
  }

  /** What its attempt cost; nothing where none was made. */
  Usage spent() {
    return spent;
  }

  private Next conclude(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered(boolean lengthReached, Usage usage, Duration reading) ->
          end(
              lengthReached
                  ? new Ending.Incomplete(log.output(), usage)
                  : new Ending.Completed(log.output(), usage));
      case Outcome.Failed(Failure why) -> failed(why);
      case Outcome.Stopped(Stop why) -> stopped(why);
    };
  }

  private Next stopped(Stop why) {
    return switch (why) {
      case CANCELLED -> end(new Ending.Cancelled(Optional.empty(), log.output(), used()));
      case FENCED -> fenced();
      case DRAINED -> {
        Next next =
            requeue(new Failure(FailureCode.WORKER_DRAINING, "the worker stops"), Duration.ZERO);
        yield next instanceof Next.Later ? new Next.Release() : next;
      }
      case ENGINE_LOST -> judged(engineLost());
      case UNSERVED ->
          judged(new Failure(FailureCode.ENGINE_BUSY, "the model server is being proven anew"));
    };
  }

  /** What it answers for, if it is the one that does. */
  private Failure engineLost() {
    return presence
        .flatMap(here -> here.member().charge())
        .orElseGet(
            () -> new Failure(FailureCode.ENGINE_LOST, "the model server was lost under this job"));
  }

  private Next failed(Failure why) {
    seat.engine().failed(record.job().pool(), why);
    return judged(why);
  }

  private Next judged(Failure why) {
    if (why.code() == FailureCode.ENGINE_LOST) {
      place.suspects().struck(record.id());
    }
    Retries.Verdict verdict =
        Retries.judge(record, why, place.clock().instant(), ThreadLocalRandom.current());
    return switch (verdict) {
      case Retries.Verdict.Again(Duration wait) -> requeue(why, wait);
      case Retries.Verdict.Fail(Failure last) -> end(new Ending.Failed(last, log.output(), used()));
    };
  }

  /**
   * What an attempt cost that the engine did not count to its end. What it went on with is one
   * piece of many tokens.
   */
  private Usage used() {
    int pieces = log.pieces();
    int written = begun.map(it -> pieces - 1 + it.tokens()).orElse(pieces);
    return pieces == 0 ? Usage.NONE : new Usage(record.job().promptTokens(), written);
  }

  private Next requeue(Failure why, Duration wait) {
    log.abandon();
    Instant notBefore = place.clock().instant().plus(wait);
    Settled settled =
        place
            .patience()
            .until(() -> place.ports().leases().requeue(tenure.lease(), notBefore, why));
    return switch (settled) {
      case WRITTEN -> {
        place.listener().retried(record.job(), record.attempt(), why);
        yield new Next.Later(wait);
      }
      case FENCED -> fenced();
      // The message brings the record back when the job is next claimed.
      case GONE -> new Next.Later(wait);
    };
  }

  /** Writes the end, with the whole text before it; a lost record is restored first. */
  private Next end(Ending ending) {
    for (int i = 0; i < RESTORES_MOST; i++) {
      log.finish();
      if (tenure.isFenced()) {
        return fenced();
      }
      var lease = tenure.lease();
      switch (place.patience().until(() -> place.ports().leases().finish(lease, ending))) {
        case WRITTEN -> {
          place.suspects().forget(record.id());
          place.listener().ended(record.job(), record.attempt(), ending, ran());
          return new Next.Done();
        }
        case FENCED -> {
          return fenced();
        }
        case GONE -> tenure.gone(lease);
      }
    }
    return fenced();
  }

  /** Drops everything. The next claim says whether the message still has a use. */
  private Next fenced() {
    log.abandon();
    return new Next.Again();
  }
}
