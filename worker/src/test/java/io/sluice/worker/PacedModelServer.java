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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * A model server with a clock of its own, which moves only when it generates: as much as so many
 * answers at a time take.
 */
final class PacedModelServer implements ModelServer {
  private static final long TOKEN_NANOS = 10_000_000;

  private final IntFunction<Double> gain;
  private final AtomicLong nanos = new AtomicLong(-5);
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger together = new AtomicInteger();
  final AtomicInteger started = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  final Set<Job> jobs = ConcurrentHashMap.newKeySet();

  /** From so many at a time on, each of them fails. */
  volatile int failsFrom = Integer.MAX_VALUE;

  /** Nothing is ever said, and each look takes this long. */
  volatile Duration silent = Duration.ZERO;

  /** A token at each look, and each look takes this long. */
  volatile Duration dripping = Duration.ZERO;

  /** Its adapter has a bug. */
  volatile boolean breaks;

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
    return open.get();
  }

  @Override
  public Generation start(Job job) {
    int others = open.getAndIncrement();
    together.set(others == 0 ? 1 : together.get() + 1);
    mostOpen.accumulateAndGet(open.get(), Math::max);
    started.incrementAndGet();
    jobs.add(job);
    return new Generation() {
      private boolean closed;

      @Override
      public Piece next(Duration within) {
        if (!silent.isZero()) {
          nanos.addAndGet(silent.toNanos());
          return new Piece.Silence();
        }
        if (!dripping.isZero()) {
          nanos.addAndGet(dripping.toNanos());
          return new Piece.Text("a");
        }
        if (breaks) {
          throw new IllegalStateException("a bug");
        }
        if (together.get() >= failsFrom) {
          return new Piece.Failed(new Failure(FailureCode.ENGINE_OUT_OF_MEMORY, "no memory"));
        }
        // All of them take their time at once; each adds its part of it.
        nanos.addAndGet(Math.round(job.maxOutputTokens() * TOKEN_NANOS / gain.apply(together.get())));
        return new Piece.Done(true, new Usage(9, job.maxOutputTokens()));
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          open.decrementAndGet();
        }
      }
    };
  }

  @Override
  public Optional<Failure> probe(Pool pool) {
    return Optional.empty();
  }

  @Override
  public List<String> models(Duration within) {
    return List.of();
  }
}
