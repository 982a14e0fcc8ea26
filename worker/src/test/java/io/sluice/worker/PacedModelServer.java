package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.Pool;
import io.sluice.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * A model server with a clock of its own: all answers that are open say a token in turn, and then
 * the clock moves by what that takes so many at a time.
 */
final class PacedModelServer implements ModelServer {
  private static final double TOKEN_NANOS = 10_000_000;

  private final IntFunction<Double> gain;
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Phaser turns =
      new Phaser() {
        @Override
        protected boolean onAdvance(int phase, int open) {
          nanos.addAndGet(tokenNanos(open));
          return false;
        }
      };
  final AtomicInteger started = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  final Set<Job> jobs = ConcurrentHashMap.newKeySet();

  /** From so many at a time on, each of them fails. */
  volatile int failsFrom = Integer.MAX_VALUE;

  /** As what. */
  volatile FailureCode fails = FailureCode.ENGINE_OUT_OF_MEMORY;

  /** Nothing is ever said. */
  volatile boolean silent;

  /** Its adapter has a bug. */
  volatile boolean breaks;

  /** Longer or shorter than they are asked to be. */
  volatile ToIntFunction<Job> length = Job::maxOutputTokens;

  /**
   * @param gain how much faster so many answers together are than one
   */
  PacedModelServer(IntFunction<Double> gain) {
    this.gain = gain;
  }

  long nanoTime() {
    return nanos.get();
  }

  int open() {
    return turns.getRegisteredParties();
  }

  private long tokenNanos(int open) {
    return open == 0 ? 0 : Math.round(TOKEN_NANOS * open / gain.apply(open));
  }

  @Override
  public Generation start(Job job) {
    turns.register();
    mostOpen.accumulateAndGet(open(), Math::max);
    started.incrementAndGet();
    jobs.add(job);
    return new Answer(length.applyAsInt(job));
  }

  private final class Answer implements Generation {
    private int left;
    private boolean closed;

    private Answer(int tokens) {
      this.left = tokens;
    }

    @Override
    public Piece next(Duration within) {
      if (breaks) {
        throw new IllegalStateException("a bug");
      }
      int together = open();
      if (left-- == 0) {
        return new Piece.Done(true, new Usage(9, 64));
      }
      turns.arriveAndAwaitAdvance();
      if (together >= failsFrom) {
        return new Piece.Failed(new Failure(fails, "it failed"));
      }
      return silent ? new Piece.Silence() : new Piece.Text("a");
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        turns.arriveAndDeregister();
      }
    }
  }

  @Override
  public Optional<Failure> probe(Pool pool) {
    return Optional.empty();
  }

  @Override
  public Unloading unload(Pool pool, Duration within) {
    return new Unloading.Unsupported();
  }

  @Override
  public List<String> models(Duration within) {
    return List.of();
  }
}
