package io.sluice.gateway.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Subscription;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.Recheck;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Asks once a second, for every caller with open streams, whether its credential still holds, and
 * ends the streams of those whose does not: one question for all streams of one caller. At most
 * 2,000 callers are asked about in a second, so that 10,000 of them take five.
 *
 * <p>While nobody answers, streams go on for a bounded time: they tell nothing new meanwhile, since
 * what they would tell is in the same store. Streams come and go from any thread.
 */
public final class CallerWatch {
  private static final int SPOKES = 10;
  private static final long TICK_MS = 100;
  private static final int ASKED_PER_TICK_MAX = 200;

  private final Vertx vertx;
  private final Recheck recheck;
  private final InstantSource clock;
  private final Duration unknownMax;
  private final MeterRegistry meters;
  private final List<Spoke> spokes =
      IntStream.range(0, SPOKES).mapToObj(index -> new Spoke()).toList();
  private int at;
  private long timer;

  /**
   * @param unknownMax how long after the last good answer a caller's streams go on without another
   */
  public CallerWatch(
      Vertx vertx,
      Recheck recheck,
      InstantSource clock,
      Duration unknownMax,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.recheck = recheck;
    this.clock = clock;
    this.unknownMax = unknownMax;
    this.meters = meters;
  }

  public void start() {
    timer = vertx.setPeriodic(TICK_MS, fired -> turn());
  }

  public void stop() {
    vertx.cancelTimer(timer);
  }

  /**
   * Watches over a stream of a caller that has just been let in.
   *
   * @param end is given the reason, at most once, when the stream has to end
   */
  public Subscription add(Caller caller, Consumer<Problem> end) {
    ConcurrentHashMap<Caller, Watched> callers =
        spokes.get(Math.floorMod(caller.hashCode(), SPOKES)).callers;
    callers.compute(
        caller,
        (same, known) -> {
          Watched watched = known == null ? new Watched(caller, clock.instant()) : known;
          watched.streams.add(end);
          return watched;
        });
    return () ->
        callers.computeIfPresent(
            caller,
            (same, known) -> {
              known.streams.remove(end);
              return known.streams.isEmpty() ? null : known;
            });
  }

  private void turn() {
    at = (at + 1) % SPOKES;
    spokes.get(at).next(ASKED_PER_TICK_MAX, this::ask);
  }

  private void ask(Watched watched) {
    if (!watched.asking) {
      watched.asking = true;
      OnContext.of(vertx, recheck.stands(watched.caller))
          .onComplete(answer -> answered(watched, answer));
    }
  }

  private void answered(Watched watched, AsyncResult<Boolean> answer) {
    watched.asking = false;
    Instant now = clock.instant();
    if (answer.failed()) {
      if (now.isAfter(watched.held.plus(unknownMax))) {
        watched.end(
            ProblemCode.STORE_UNAVAILABLE
                .with("Nobody can say now whether the credential still holds; come back.")
                .retryAfter(Duration.ofSeconds(2)));
        closed("unknown");
      }
    } else if (answer.result()) {
      watched.held = now;
    } else {
      watched.end(
          ProblemCode.UNAUTHORIZED.with("The API key or access token does not hold any longer."));
      closed("credential");
    }
  }

  private void closed(String reason) {
    meters.counter("sluice.gateway.callers.ended", "reason", reason).increment();
  }

  /** Some of the callers. Its place belongs to the one timer. */
  private static final class Spoke {
    private final ConcurrentHashMap<Caller, Watched> callers = new ConcurrentHashMap<>();
    private Iterator<Watched> rest = Collections.emptyIterator();

    /** Up to so many callers, from where the last turn stopped. */
    void next(int max, Consumer<Watched> each) {
      if (!rest.hasNext()) {
        rest = callers.values().iterator();
      }
      for (int given = 0; given < max && rest.hasNext(); given++) {
        each.accept(rest.next());
      }
    }
  }

  /** A caller and its streams. What changes belongs to the one timer, but for the streams. */
  private static final class Watched {
    private final Caller caller;
    private final Set<Consumer<Problem>> streams = ConcurrentHashMap.newKeySet();
    private Instant held;
    private boolean asking;

    Watched(Caller caller, Instant held) {
      this.caller = caller;
      this.held = held;
    }

    void end(Problem why) {
      streams.forEach(stream -> stream.accept(why));
    }
  }
}
