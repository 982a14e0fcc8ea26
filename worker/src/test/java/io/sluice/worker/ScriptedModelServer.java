package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import io.sluice.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A model server that says what the test tells it to, and counts what it is asked. */
final class ScriptedModelServer implements ModelServer {
  /** What a job is answered at once; nothing where the test speaks by itself. */
  private volatile Function<Job, List<Generation.Piece>> script = job -> List.of();

  private final Map<Pool, Failure> notReady = new ConcurrentHashMap<>();
  private final BlockingQueue<Answer> started = new LinkedBlockingQueue<>();
  private final Map<JobId, AtomicInteger> requests = new ConcurrentHashMap<>();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  final AtomicInteger probes = new AtomicInteger();
  final AtomicInteger unloads = new AtomicInteger();
  volatile Function<Pool, Unloading> unloading = pool -> new Unloading.Gone();
  final AtomicInteger described = new AtomicInteger();
  volatile Function<Set<String>, List<ModelFacts>> describing = models -> List.of();
  volatile OptionalLong cacheTokens = OptionalLong.empty();
  volatile boolean continues;

  static List<Generation.Piece> answer(String... pieces) {
    var all = new java.util.ArrayList<Generation.Piece>();
    for (String piece : pieces) {
      all.add(new Generation.Piece.Text(piece));
    }
    all.add(new Generation.Piece.Done(false, new Usage(7, pieces.length)));
    return all;
  }

  void answers(Function<Job, List<Generation.Piece>> script) {
    this.script = script;
  }

  void notReady(Pool pool, Failure why) {
    notReady.put(pool, why);
  }

  void ready(Pool pool) {
    notReady.remove(pool);
  }

  int requests(JobId id) {
    return requests.getOrDefault(id, new AtomicInteger()).get();
  }

  int mostAtOnce() {
    return most.get();
  }

  /** The next answer that the test is to give. */
  Answer next() {
    try {
      Answer next = started.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no request within 20 s");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next answer that the test is to give, if there is one already. */
  Optional<Answer> poll() {
    return Optional.ofNullable(started.poll());
  }

  boolean isIdle() {
    return started.isEmpty() && now.get() == 0;
  }

  @Override
  public OptionalLong cacheTokens(Duration within) {
    return cacheTokens;
  }

  @Override
  public boolean continuesAnswers() {
    return continues;
  }

  @Override
  public Generation start(Job job) {
    enter();
    requests.computeIfAbsent(job.id(), id -> new AtomicInteger()).incrementAndGet();
    Answer answer = new Answer(job);
    List<Generation.Piece> pieces = script.apply(job);
    pieces.forEach(answer::say);
    if (pieces.isEmpty()) {
      started.add(answer);
    }
    return answer;
  }

  private void enter() {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
  }

  @Override
  public Optional<Failure> probe(Pool pool) {
    enter();
    probes.incrementAndGet();
    now.decrementAndGet();
    return Optional.ofNullable(notReady.get(pool));
  }

  @Override
  public Unloading unload(Pool pool, Duration within) {
    unloads.incrementAndGet();
    return unloading.apply(pool);
  }

  @Override
  public List<ModelFacts> describe(Set<String> models, Duration within) {
    described.incrementAndGet();
    return describing.apply(models);
  }

  @Override
  public List<String> models(Duration within) {
    return List.of();
  }

  /** One answer, piece by piece. */
  final class Answer implements Generation {
    final Job job;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile CountDownLatch letsGo = new CountDownLatch(0);
    private boolean left;

    private Answer(Job job) {
      this.job = job;
    }

    ScriptedModelServer server() {
      return ScriptedModelServer.this;
    }

    void say(Piece piece) {
      pieces.add(piece);
    }

    void text(String text) {
      say(new Piece.Text(text));
    }

    void done() {
      say(new Piece.Done(false, new Usage(7, 3)));
    }

    void fail(Failure why) {
      say(new Piece.Failed(why));
    }

    /** The server keeps its slot after the connection was closed, until it is let go. */
    CountDownLatch holdSlot() {
      letsGo = new CountDownLatch(1);
      return letsGo;
    }

    void awaitClose() {
      within20s(closed);
    }

    boolean isClosed() {
      return closed.getCount() == 0;
    }

    @Override
    public Piece next(Duration within) {
      try {
        Piece piece = pieces.poll(within.toNanos(), TimeUnit.NANOSECONDS);
        return piece == null ? new Piece.Silence() : piece;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      closed.countDown();
      pieces.add(new Piece.Closed());
      within20s(letsGo);
      synchronized (this) {
        if (!left) {
          left = true;
          now.decrementAndGet();
        }
      }
    }

    private void within20s(CountDownLatch latch) {
      try {
        if (!latch.await(20, TimeUnit.SECONDS)) {
          throw new AssertionError("not within 20 s");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
