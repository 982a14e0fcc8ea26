package io.sluice.worker;

import io.sluice.Embedding;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobKind;
import io.sluice.Timings;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.WorkerConfig.Deadlines;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to the model server, read piece by piece under its deadlines until it is over one way
 * or the other, and the server's slot is free again.
 */
final class Attempt {
  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

  /** What a first token has its deadline for, at the most. */
  private static final int LONG_PROMPT_TOKENS = 32_768;

  private final Job job;
  private final Deadlines deadlines;
  private final int thinkingMost;
  private final Tenure tenure;
  private final Presence presence;
  private final TokenLog log;
  private final Consumer<Duration> firstToken;
  private final RepetitionDetector repetition = new RepetitionDetector();

  private final long began = System.nanoTime();
  private long firstPiece = began;
  private long lastPiece = began;
  private boolean answering;
  private int thoughts;

  Attempt(
      Job job,
      WorkerConfig config,
      Tenure tenure,
      Presence presence,
      TokenLog log,
      Consumer<Duration> firstToken) {
    this.job = job;
    this.deadlines = config.deadlines();
    this.thinkingMost = config.thinkingTokens();
    this.tenure = tenure;
    this.presence = presence;
    this.log = log;
    this.firstToken = firstToken;
  }

  Outcome run(ModelServer server) {
    try (Generation generation = server.start(job)) {
      tenure.watch(() -> closeIfStopped(generation));
      Outcome outcome = read(generation);
      return outcome instanceof Outcome.Answered
          ? outcome
          : stopped().orElseGet(() -> judged(outcome));
    } catch (RuntimeException e) {
      LOG.error("{} broke the model server's adapter", job.id(), e);
      return failed(FailureCode.ENGINE_ERROR, "the adapter of the model server broke");
    }
  }

  private Outcome judged(Outcome outcome) {
    return outcome instanceof Outcome.Failed(Failure why)
        ? new Outcome.Failed(presence.judged(why))
        : outcome;
  }

  /** On a thread of its own, since closing waits until the server let go. */
  private void closeIfStopped(Generation generation) {
    if (tenure.stopped().isPresent()) {
      Thread.ofVirtual().name("close " + job.id()).start(generation::close);
    }
  }

  private Outcome read(Generation generation) {
    while (true) {
      Optional<Outcome> end =
          switch (generation.next(patience())) {
            case Piece.Text(String text, Optional<String> logprobs) ->
                heard(new JobEvent.Token(text, logprobs), text, logprobs);
            case Piece.Thinking(String text, Optional<String> logprobs) ->
                heard(new JobEvent.Thinking(text, logprobs), text, logprobs)
                    .or(this::thinkingTooLong);
            case Piece.ToolCall(String json) ->
                heard(new JobEvent.ToolCall(json), json, Optional.empty());
            case Piece.Vectors(List<Embedding> vectors) -> made(vectors);
            case Piece.Done done -> Optional.of(answered(done));
            case Piece.Failed(Failure why) -> Optional.of(new Outcome.Failed(why));
            case Piece.Silence silence -> overdue();
            case Piece.Closed closed ->
                Optional.of(failed(FailureCode.ENGINE_ENDED_EARLY, "the connection was closed"));
          };
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  /** No token among them: the answer is all there at once. */
  private Optional<Outcome> made(List<Embedding> vectors) {
    lastPiece = System.nanoTime();
    presence.heard();
    log.add(vectors);
    return stopped();
  }

  /** With the engine's own times where it says any, else with those that were seen from here. */
  private Outcome answered(Piece.Done done) {
    long now = System.nanoTime();
    Duration toFirst = Duration.ofNanos((answering ? firstPiece : now) - began);
    Timings timings =
        done.usage()
            .timings()
            .orElseGet(() -> Timings.seen(toFirst, Duration.ofNanos(now - began)));
    return new Outcome.Answered(
        done.lengthReached(), done.usage().with(timings), timings.prompt().orElse(toFirst));
  }

  private Optional<Outcome> heard(JobEvent event, String text, Optional<String> logprobs) {
    lastPiece = System.nanoTime();
    presence.heard();
    if (!answering) {
      answering = true;
      firstPiece = lastPiece;
      firstToken.accept(Duration.ofNanos(lastPiece - began));
    }
    if (tenure.stopped().isPresent()) {
      return stopped();
    }
    if (text.isEmpty() && logprobs.isEmpty()) {
      return overdue();
    }
    if (!log.add(event)) {
      return Optional.of(
          failed(
              FailureCode.OUTPUT_TOO_LARGE,
              "more output than %d bytes, or than %d of probabilities"
                  .formatted(TokenLog.OUTPUT_BYTES_MOST, TokenLog.LOGPROB_BYTES_MOST)));
    }
    boolean repeatable = !text.isEmpty() && !(event instanceof JobEvent.ToolCall);
    if (repeatable && repetition.add(text)) {
      return Optional.of(
          failed(FailureCode.RUNAWAY_REPETITION, "the model said the same again and again"));
    }
    return overdue();
  }

  /** Servers send a piece for each token. */
  private Optional<Outcome> thinkingTooLong() {
    thoughts++;
    return thoughts <= thinkingMost
        ? Optional.empty()
        : Optional.of(
            failed(
                FailureCode.RUNAWAY_THINKING,
                "the model thought for more than %d tokens".formatted(thinkingMost)));
  }

  private Duration patience() {
    return Duration.ofNanos(Math.max(1, patienceLeft(System.nanoTime())));
  }

  private Optional<Outcome> stopped() {
    return tenure.stopped().map(Outcome.Stopped::new);
  }

  /** The failure of the deadline that has passed, if one has; of two, that of the earlier one. */
  private Optional<Outcome> overdue() {
    if (tenure.stopped().isPresent()) {
      return stopped();
    }
    long now = System.nanoTime();
    if (patienceLeft(now) > 0) {
      return Optional.empty();
    }
    return Optional.of(attemptLeft(now) < quietLeft(now) ? attemptTimeout() : silence());
  }

  private Outcome attemptTimeout() {
    return failed(FailureCode.ATTEMPT_TIMEOUT, "the attempt took longer than " + job.timeout());
  }

  private Outcome silence() {
    return answering
        ? failed(FailureCode.TOKEN_TIMEOUT, "no token within " + deadlines.betweenTokens())
        : failed(FailureCode.FIRST_TOKEN_TIMEOUT, "no token within " + firstPieceWithin());
  }

  private long patienceLeft(long now) {
    return Math.min(quietLeft(now), attemptLeft(now));
  }

  private long quietLeft(long now) {
    Duration most = answering ? deadlines.betweenTokens() : firstPieceWithin();
    return lastPiece + most.toNanos() - now;
  }

  /** Vectors come when all inputs are read, and those may be many times the longest prompt. */
  private Duration firstPieceWithin() {
    long prompts =
        job.kind() == JobKind.EMBED
            ? Math.max(1, Math.ceilDiv(job.promptTokens(), LONG_PROMPT_TOKENS))
            : 1;
    return deadlines.firstToken().multipliedBy(prompts);
  }

  private long attemptLeft(long now) {
    return began + job.timeout().toNanos() - now;
  }

  private static Outcome failed(FailureCode code, String message) {
    return new Outcome.Failed(new Failure(code, message));
  }
}
