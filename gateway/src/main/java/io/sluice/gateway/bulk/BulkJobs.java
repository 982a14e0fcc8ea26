package io.sluice.gateway.bulk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Admission;
import io.sluice.Admission.Decision;
import io.sluice.Ending;
import io.sluice.FailureCode;
import io.sluice.Idempotency;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.JobStore.Lookup;
import io.sluice.Unavailable;
import io.sluice.gateway.bulk.JobGroup.Ask;
import io.sluice.gateway.bulk.JobGroup.Result;
import io.sluice.gateway.bulk.JobGroup.Terms;
import io.sluice.gateway.cache.CacheWish;
import io.sluice.gateway.limit.LimitProblem;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.stream.JobWait;
import io.sluice.gateway.submit.Fingerprint;
import io.sluice.gateway.submit.JobReader;
import io.sluice.gateway.submit.Presence;
import io.sluice.gateway.submit.Submission;
import io.sluice.gateway.submit.Submission.Outcome;
import io.sluice.gateway.upkeep.Answer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes jobs of the pieces of undertakings and waits for their ends, through everything that
 * passes: limits that are reached, a queue or store that is away, a gateway that was killed. Each
 * job has an idempotency key of its own, so that whoever asks for the piece again gets the job that
 * there is and none runs to its end twice. Blocks; for virtual threads.
 */
public final class BulkJobs {
  private static final Logger LOG = LoggerFactory.getLogger(BulkJobs.class);

  /** Begins keys as no header can, so that no client's key is like one of these. */
  private static final String KEY = "\u2261";

  private static final String ADDRESS = "bulk";

  /** Of an attempt: nobody sits and waits for it, and engines that are shared may be slow. */
  private static final String TIMEOUT = "10m";

  private static final Duration PAUSE_FIRST = Duration.ofMillis(250);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration LOOK_MAX = Duration.ofMinutes(10);

  private final Submission submission;
  private final JobReader reader;
  private final JobWait waits;
  private final JobStore store;
  private final Admission admission;
  private final InstantSource clock;

  public BulkJobs(
      Submission submission,
      JobReader reader,
      JobWait waits,
      JobStore store,
      Admission admission,
      InstantSource clock) {
    this.submission = submission;
    this.reader = reader;
    this.waits = waits;
    this.store = store;
    this.admission = admission;
    this.clock = clock;
  }

  /** The jobs of an undertaking that this gateway drives. */
  public JobGroup group(Terms terms) {
    return new JobGroup(this, terms);
  }

  /** Asks for the end of a job; if the store is away it runs on until its end. */
  void cancel(JobId id) {
    store.cancel(id).onFailure(e -> LOG.info("{} was not cancelled: {}", id, e.toString()));
  }

  Result run(JobGroup group, Ask ask) throws InterruptedException {
    Duration pause = PAUSE_FIRST;
    while (true) {
      Step step = step(group, ask);
      switch (step) {
        case Step.Over(Result result) -> {
          return result;
        }
        case Step.Again(Optional<Duration> after) -> {
          Duration wait = after.filter(it -> it.compareTo(PAUSE_MAX) < 0).orElse(pause);
          Thread.sleep(wait);
          pause = shorter(pause.multipliedBy(2), PAUSE_MAX);
        }
      }
    }
  }

  /** What one try came to. */
  private sealed interface Step {
    record Over(Result result) implements Step {}

    /**
     * @param after what was said of when to try again
     */
    record Again(Optional<Duration> after) implements Step {}
  }

  private static final Step AGAIN = new Step.Again(Optional.empty());

  private Step step(JobGroup group, Ask ask) throws InterruptedException {
    Terms terms = group.terms();
    if (!group.isCancelled() && !clock.instant().isBefore(terms.until())) {
      return new Step.Over(new Result.TooLate());
    }
    try {
      Job job = job(terms, ask);
      if (group.isCancelled()) {
        return left(group, job);
      }
      Outcome outcome =
          Answer.of(submission.submit(job, Presence.RELEASED, ADDRESS, CacheWish.NONE));
      return decided(group, job, outcome);
    } catch (Refusal refused) {
      return refused.problem().code() == ProblemCode.OVERLOADED
          ? AGAIN
          : new Step.Over(new Result.Refused(refused.problem()));
    } catch (Unavailable away) {
      LOG.debug("{} of {} waits: {}", ask.name(), terms.id(), away.getMessage());
      return AGAIN;
    }
  }

  /** What another gateway began, and let go of or died over, is asked to end like one's own. */
  private Step left(JobGroup group, Job job) throws InterruptedException {
    Optional<Decision> before = Answer.of(admission.replay(job));
    return before.orElse(null) instanceof Decision.Replayed(JobRecord record)
        ? ended(group, record)
        : new Step.Over(new Result.Cancelled());
  }

  private Job job(Terms terms, Ask ask) {
    ObjectNode body = ask.body().deepCopy().put("class", "batch");
    if (!body.has("timeout")) {
      body.put("timeout", TIMEOUT);
    }
    JobReader.Envelope envelope =
        new JobReader.Envelope(
            terms.caller(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    Job job =
        reader
            .read(body, envelope)
            .startBy(terms.until())
            .idempotency(
                new Idempotency(
                    KEY + terms.id() + ":" + ask.name(), Fingerprint.of(ask.body(), "")));
    return ask.kept().map(job::surface).orElse(job);
  }

  private Step decided(JobGroup group, Job job, Outcome outcome) throws InterruptedException {
    return switch (outcome) {
      case Outcome.Accepted(JobRecord record, var ruling) -> ended(group, record);
      case Outcome.KeyReused reused ->
          new Step.Over(
              new Result.Refused(
                  ProblemCode.IDEMPOTENCY_KEY_REUSED.with(
                      "This piece was begun with another request.")));
      case Outcome.LimitReached(var ruling) -> {
        Problem problem = LimitProblem.of(job, ruling);
        yield problem.code() == ProblemCode.LIMIT_NEVER_FITS
            ? new Step.Over(new Result.Refused(problem))
            : new Step.Again(after(problem));
      }
      case Outcome.TooLate late -> AGAIN;
      case Outcome.Undecided undecided -> AGAIN;
      case Outcome.NotConfirmed notConfirmed -> AGAIN;
    };
  }

  private static Optional<Duration> after(Problem problem) {
    return Optional.ofNullable(problem.headers().get("Retry-After"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
  }

  private Step ended(JobGroup group, JobRecord accepted) throws InterruptedException {
    JobId id = accepted.id();
    group.accepted(id);
    try {
      while (true) {
        switch (look(id)) {
          case Lookup.Found(JobRecord record) when record.state().isTerminal() -> {
            return isSuperseded(record) ? AGAIN : new Step.Over(new Result.Ended(record));
          }
          case Lookup.Found found -> LOG.debug("{} has not ended yet", id);
          case Lookup.Recovering recovering -> Thread.sleep(PAUSE_FIRST);
          case Lookup.Absent absent -> {
            // The store lost it: asked for again it is made again, or taken from its lane.
            return AGAIN;
          }
        }
      }
    } finally {
      group.ended(id);
    }
  }

  /** After the store lost everything another job may have come to stand for this piece. */
  private static boolean isSuperseded(JobRecord record) {
    return record
        .ending()
        .flatMap(Ending::failure)
        .filter(why -> why.code() == FailureCode.SUPERSEDED)
        .isPresent();
  }

  /** The job when it has ended, or as it is after a while. */
  private Lookup look(JobId id) throws InterruptedException {
    JobWait.Waiting waiting =
        waits.until(id, record -> record.state().isTerminal(), LOOK_MAX, POLL);
    try {
      return patiently(waiting.outcome());
    } finally {
      waiting.abandon();
    }
  }

  private static Lookup patiently(Future<Lookup> outcome) throws InterruptedException {
    try {
      return outcome
          .toCompletionStage()
          .toCompletableFuture()
          .get(LOOK_MAX.plusMinutes(1).toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // The store is away, and comes back.
      LOG.debug("no word of a job: {}", e.toString());
      return new Lookup.Recovering();
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
