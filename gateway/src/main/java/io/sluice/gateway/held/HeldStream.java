package io.sluice.gateway.held;

import io.sluice.Ending;
import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.LoggedEvent;
import io.sluice.Output;
import io.sluice.Position;
import io.sluice.Subscription;
import io.sluice.gateway.held.HeldMeters.Outcome;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.stream.KeepAlive;
import io.sluice.gateway.stream.LogReader;
import io.sluice.gateway.stream.Wire;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One client that is told of its job while it runs. Its status is held back until the first piece
 * or the verdict, or until it may wait no longer; then one terminal answer ends it, and only one.
 *
 * <p>All fields belong to the context of the request.
 */
final class HeldStream implements LogReader.Sink, KeepAlive.Beating {
  /** Once in so many beats a silent reader makes sure that its job still exists. */
  private static final int BEATS_PER_CHECK = 4;

  private final HeldRequests.Keeper keeper;
  private final RoutingContext http;
  private final UnaryOperator<Problem> phrasing;
  private final Voice voice;
  private final Hold hold;
  private final Wire wire;
  private final LogReader log;
  private final Context context;
  private final long begun = System.nanoTime();
  private final Retelling told;
  private Subscription beats = () -> {};
  private long holdTimer;

  /** Whether the head is sent. */
  private boolean open;

  /** Whether anything of the answer is sent. */
  private boolean spoken;

  private boolean silent;
  private int silentBeats;

  HeldStream(
      HeldRequests.Keeper keeper,
      RoutingContext http,
      Hold hold,
      UnaryOperator<Problem> phrasing,
      Voice voice) {
    this.keeper = keeper;
    this.http = http;
    this.phrasing = phrasing;
    this.voice = voice;
    this.hold = hold;
    this.wire = new Wire(keeper.vertx(), http.request(), keeper.streams().stallMax());
    this.log = new LogReader(keeper.log(), hold.id(), Position.START, this);
    this.told = new Retelling(keeper.config().continues() && voice.canGoOn());
    this.context = keeper.vertx().getOrCreateContext();
  }

  void start(Client client) {
    beats = keeper.beats().add(this);
    holdTimer =
        keeper.vertx().setTimer(keeper.config().statusMax().toMillis(), fired -> openUnlessOver());
    hold.begin(client, this::release, (outcome, why) -> fail(why, Optional.empty()));
    if (!hold.isOver()) {
      log.start();
    }
  }

  private void release() {
    beats.close();
    log.close();
    wire.left();
    keeper.vertx().cancelTimer(holdTimer);
  }

  private void openUnlessOver() {
    if (!hold.isOver() && !open) {
      write(voice.beat());
    }
  }

  @Override
  public void beat() {
    context.runOnContext(
        here -> {
          if (hold.isOver()) {
            return;
          }
          if (++silentBeats % BEATS_PER_CHECK == 0) {
            log.check();
          }
          if (open && silent && !wire.full()) {
            write(voice.beat());
          }
          silent = true;
        });
  }

  @Override
  public void leave() {
    hold.leave();
  }

  @Override
  public boolean full() {
    return open && wire.full();
  }

  @Override
  public void events(List<LoggedEvent> events) {
    silentBeats = 0;
    Optional<LoggedEvent> reset = lastReset(events);
    if (reset.isPresent() && spoken && !told.begins()) {
      hold.interrupted();
      return;
    }
    int from = reset.map(events::indexOf).orElse(0);
    events.subList(0, from).forEach(voice::passed);
    Optional<List<LoggedEvent>> news = told.news(events.subList(from, events.size()));
    if (news.isEmpty()) {
      hold.interrupted();
      return;
    }
    Buffer pieces = Buffer.buffer();
    news.get().forEach(logged -> pieces.appendBuffer(said(logged)));
    if (pieces.length() > 0) {
      if (!spoken) {
        spoken = true;
        keeper.meters().firstPiece(hold.surface(), sinceBegun());
      }
      write(pieces);
    }
  }

  private static Optional<LoggedEvent> lastReset(List<LoggedEvent> events) {
    return events.stream()
        .filter(logged -> logged.event() instanceof JobEvent.Reset)
        .reduce((first, later) -> later);
  }

  private Buffer said(LoggedEvent logged) {
    return switch (logged.event()) {
      case JobEvent.Token token -> voice.text(token);
      case JobEvent.Thinking thinking -> voice.thinking(thinking);
      case JobEvent.ToolCall call -> voice.toolCall(call);
      case JobEvent.Start start -> {
        if (!hold.isReplayed()) {
          keeper.meters().queued(hold.surface(), sinceBegun());
        }
        yield passed(logged);
      }
      case JobEvent.Reset reset -> passed(logged);
      case JobEvent.End end -> Buffer.buffer();
    };
  }

  private Buffer passed(LoggedEvent logged) {
    voice.passed(logged);
    return Buffer.buffer();
  }

  @Override
  public void over(Position at, Optional<JobRecord> ended) {
    Problem lost = ProblemCode.STORE_UNAVAILABLE.with("The store lost the job. Ask again.");
    Optional<Problem> why = ended.isEmpty() ? Optional.of(lost) : Verdict.problem(ended.get());
    if (why.isEmpty() && told.isBehind()) {
      hold.interrupted();
      return;
    }
    if (!hold.end(why.isEmpty() ? Outcome.ANSWERED : Outcome.FAILED)) {
      return;
    }
    if (why.isPresent()) {
      fail(why.get(), ended);
    } else {
      write(untold(ended.orElseThrow()).appendBuffer(voice.end(ended.orElseThrow())));
      wire.end();
    }
  }

  /** The whole answer, where the record outlived the log. */
  private Buffer untold(JobRecord ended) {
    Buffer all = Buffer.buffer();
    Output output = ended.ending().map(Ending::output).orElse(Output.NONE);
    if (!spoken) {
      output
          .thinking()
          .ifPresent(it -> all.appendBuffer(voice.thinking(new JobEvent.Thinking(it))));
      if (!output.text().isEmpty()) {
        all.appendBuffer(voice.text(new JobEvent.Token(output.text(), output.logprobs())));
      }
      output.toolCalls().forEach(it -> all.appendBuffer(voice.toolCall(new JobEvent.ToolCall(it))));
    }
    return all;
  }

  /** A status where none was sent yet, else the one terminal answer in the stream. */
  private void fail(Problem why, Optional<JobRecord> ended) {
    Problem told = phrasing.apply(why);
    if (!open) {
      http.fail(told.refusal());
    } else {
      write(ended.map(job -> voice.failure(told, job)).orElseGet(() -> voice.failure(told)));
      wire.end();
    }
  }

  private void write(Buffer bytes) {
    if (!open) {
      open = true;
      keeper.vertx().cancelTimer(holdTimer);
      wire.open(voice.contentType(), log::pump);
      wire.write(voice.begin().appendBuffer(bytes));
    } else {
      wire.write(bytes);
    }
    silent = false;
  }

  private Duration sinceBegun() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
