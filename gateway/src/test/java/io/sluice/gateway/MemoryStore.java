package io.sluice.gateway;

import io.sluice.Admission;
import io.sluice.Backlog;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobEvents;
import io.sluice.JobHistory;
import io.sluice.JobId;
import io.sluice.JobMessage;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.Leases.Lease;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Lines;
import io.sluice.LoggedEvent;
import io.sluice.Output;
import io.sluice.Pool;
import io.sluice.Position;
import io.sluice.Recovery;
import io.sluice.Step;
import io.sluice.Subscription;
import io.sluice.Ticket;
import io.sluice.Unavailable;
import io.sluice.Usage;
import io.sluice.WebhookDelivery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A store in memory that a test can take away, wipe, and play the worker of. As strict as the real
 * ones in everything that the gateway sees.
 */
final class MemoryStore implements Admission, Backlog, JobStore, JobEvents, JobHistory, Recovery {
  static final Ticket TICKET = new Ticket(0, 0, 0);

  /** Where the next job waits. */
  volatile Ticket ticket = TICKET;

  private final InstantSource clock;
  private final Map<JobId, JobRecord> records = new TreeMap<>(Comparator.reverseOrder());
  private final Map<String, JobId> keys = new HashMap<>();
  private final Set<JobId> replayed = new HashSet<>();
  final MemoryLog log = new MemoryLog();

  /** What befell jobs, as a test says. */
  final Map<JobId, List<Step>> histories = new ConcurrentHashMap<>();

  /** How often a job was looked up. */
  final AtomicInteger finds = new AtomicInteger();

  private Optional<Epoch> epoch = Optional.empty();
  private long fences = 1_000;

  /** No answer but {@link Unavailable}. */
  volatile boolean away;

  /** No answer at all, against the contract. */
  volatile boolean hangs;

  /** How long every answer takes. */
  volatile Duration slowness = Duration.ZERO;

  /** Fails with a bug. */
  volatile boolean broken;

  /** Marks are lost on their way. */
  volatile boolean losesMarks;

  volatile int waitingMax = 1_000;

  /** How submissions stand with their limits; refused where one is exceeded. */
  volatile Standing standing = Standing.NONE;

  /** What waits in a pool, as a test says. */
  volatile Function<Pool, Lines> lines = this::nothing;

  /** What the last submission was to be held against. */
  volatile Limits limits = Limits.NONE;

  MemoryStore(InstantSource clock) {
    this.clock = clock;
  }

  private synchronized <T> Future<T> answer(Supplier<T> answer) {
    if (hangs) {
      return Promise.<T>promise().future();
    }
    if (broken) {
      return Future.failedFuture(new IllegalStateException("secret detail"));
    }
    if (away) {
      return Future.failedFuture(new Unavailable("store", "taken away by the test"));
    }
    T now = answer.get();
    return slowness.isZero() ? Future.succeededFuture(now) : later(now);
  }

  private <T> Future<T> later(T answer) {
    return Future.fromCompletionStage(
        CompletableFuture.supplyAsync(
            () -> answer,
            CompletableFuture.delayedExecutor(slowness.toMillis(), TimeUnit.MILLISECONDS)));
  }

  @Override
  public Future<Decision> admit(Entry entry) {
    this.limits = entry.limits();
    return answer(() -> decide(entry.job()));
  }

  private Decision decide(Job job) {
    if (job.idempotency().isPresent()) {
      JobId holder = keys.get(job.tenant() + "/" + job.idempotency().get().key());
      if (holder != null) {
        JobRecord record = records.get(holder);
        if (!record.job().idempotency().equals(job.idempotency())) {
          return new Decision.KeyReused(holder);
        }
        replayed.add(holder);
        return new Decision.Replayed(record);
      }
    }
    if (records.values().stream().filter(r -> r.state() == JobState.QUEUED).count() >= waitingMax) {
      Duration wait = Duration.ofMillis(2_500);
      Level full =
          new Level(
              Limit.TENANT_WAITING_JOBS, waitingMax, 0, wait, Verdict.EXCEEDED, Optional.of(wait));
      return new Decision.Refused(new Standing(List.of(full), Duration.ZERO, 0));
    }
    if (!standing.exceeded().isEmpty()) {
      return new Decision.Refused(standing);
    }
    put(job, false, Optional.of(ticket));
    return new Decision.Admitted(standing, ticket);
  }

  private void put(Job job, boolean published, Optional<Ticket> ticket) {
    Optional<Instant> none = Optional.empty();
    records.put(
        job.id(),
        new JobRecord(
            job,
            JobState.QUEUED,
            published,
            0,
            0,
            0,
            0,
            none,
            none,
            none,
            Optional.empty(),
            ticket,
            job.webhook().map(url -> WebhookDelivery.OWED_LATER)));
    job.idempotency().ifPresent(it -> keys.put(job.tenant() + "/" + it.key(), job.id()));
  }

  @Override
  public Future<Optional<Decision>> replay(Job job) {
    return answer(
        () -> {
          Optional<JobId> holder =
              job.idempotency().map(it -> keys.get(job.tenant() + "/" + it.key()));
          return holder.isEmpty() ? Optional.empty() : Optional.of(decide(job));
        });
  }

  @Override
  public Future<Void> published(Collection<JobId> ids) {
    return answer(
        () -> {
          if (!losesMarks) {
            ids.forEach(
                id ->
                    records.computeIfPresent(
                        id, (same, r) -> with(r, r.state(), r.fence(), r.ending())));
          }
          return null;
        });
  }

  @Override
  public Future<Void> undo(JobId id) {
    return answer(
        () -> {
          JobRecord record = records.get(id);
          if (record != null
              && !record.published()
              && record.attempt() == 0
              && !replayed.contains(id)) {
            records.remove(id);
            keys.values().remove(id);
          }
          return null;
        });
  }

  @Override
  public Future<Integer> refundUnpublished(Duration age, int limit) {
    return answer(() -> 0);
  }

  private Lines nothing(Pool pool) {
    return new Lines(pool, clock.instant(), 0, false, Optional.empty(), Map.of());
  }

  @Override
  public Future<Lines> look(Pool pool) {
    return answer(() -> lines.apply(pool));
  }

  @Override
  public Future<Double> pressure(Pool pool) {
    return answer(() -> standing.pressure());
  }

  @Override
  public Future<Lookup> find(JobId id, Optional<String> owner) {
    finds.incrementAndGet();
    return answer(() -> look(id, owner));
  }

  private Lookup look(JobId id, Optional<String> owner) {
    JobRecord record = records.get(id);
    if (record != null && owner.map(record.job().tenant()::equals).orElse(true)) {
      return new Lookup.Found(record);
    }
    boolean older = epoch.filter(it -> id.createdAt().isBefore(it.since())).isPresent();
    return older ? new Lookup.Recovering() : new Lookup.Absent();
  }

  @Override
  public Future<List<Step>> steps(JobId id, Optional<String> owner) {
    return answer(() -> histories.getOrDefault(id, List.of()));
  }

  @Override
  public Future<Page> list(Query query) {
    return answer(
        () -> {
          List<JobRecord> jobs =
              records.values().stream()
                  .filter(r -> r.job().tenant().equals(query.tenant()))
                  .filter(r -> query.state().isEmpty() || query.state().get() == r.state())
                  .filter(r -> query.after().isEmpty() || r.id().compareTo(query.after().get()) < 0)
                  .limit(query.limit() + 1L)
                  .toList();
          boolean more = jobs.size() > query.limit();
          List<JobRecord> page = more ? jobs.subList(0, query.limit()) : jobs;
          return new Page(page, more ? Optional.of(page.getLast().id()) : Optional.empty());
        });
  }

  @Override
  public Future<Cancellation> cancel(JobId id) {
    return answer(
        () ->
            switch (look(id, Optional.empty())) {
              case Lookup.Found(JobRecord r) when r.state().isTerminal() ->
                  new Cancellation.AlreadyEnded(r);
              case Lookup.Found(JobRecord r) when r.state() == JobState.QUEUED -> {
                endNow(id, new Ending.Cancelled(Optional.empty(), Output.NONE, Usage.NONE));
                yield new Cancellation.Cancelled(records.get(id));
              }
              case Lookup.Found(JobRecord r) -> new Cancellation.Cancelling(cancelling(r));
              case Lookup lookup -> new Cancellation.Unknown(lookup);
            });
  }

  @Override
  public Future<Boolean> end(JobId id, Ending ending) {
    return answer(
        () -> {
          JobRecord record = records.get(id);
          boolean open = record != null && !record.state().isTerminal();
          if (open) {
            endNow(id, ending);
          }
          return open;
        });
  }

  @Override
  public Future<List<Ended>> sweep(int limit) {
    return answer(
        () -> {
          List<Ended> ended = new ArrayList<>();
          for (JobRecord r : List.copyOf(records.values())) {
            boolean late = r.job().startBy().isBefore(clock.instant());
            if (r.state() == JobState.QUEUED && r.attempt() == 0 && late) {
              endNow(r.id(), new Ending.Expired());
              ended.add(new Ended(r.id(), JobState.EXPIRED));
            }
          }
          return ended;
        });
  }

  /** What a worker's claim does. */
  synchronized Lease claim(JobId id) {
    JobRecord r = records.get(id);
    long fence = ++fences;
    JobRecord claimed =
        new JobRecord(
            r.job(),
            JobState.IN_PROGRESS,
            true,
            r.attempt() + 1,
            0,
            0,
            fence,
            Optional.empty(),
            Optional.of(clock.instant()),
            Optional.empty(),
            Optional.empty(),
            r.ticket(),
            r.webhook());
    records.put(id, claimed);
    log.add(
        id,
        new Position(fence, 0),
        r.attempt() == 0 ? new JobEvent.Start(1) : new JobEvent.Reset(r.attempt() + 1, "lost"));
    return new Lease(id, "worker", fence);
  }

  /** What a worker's ending does. */
  synchronized void finish(JobId id, Ending ending) {
    endNow(id, ending);
  }

  /** What a worker's tokens do. */
  void tokens(Lease lease, long firstSeq, String... texts) {
    events(lease, firstSeq, Stream.of(texts).map(JobEvent.Token::new).toArray(JobEvent[]::new));
  }

  /** The same of anything that a worker tells. */
  synchronized void events(Lease lease, long firstSeq, JobEvent... events) {
    for (int i = 0; i < events.length; i++) {
      log.add(lease.id(), new Position(lease.fence(), firstSeq + i), events[i]);
    }
  }

  /** What a worker's other events do. */
  synchronized void say(Lease lease, long seq, JobEvent event) {
    log.add(lease.id(), new Position(lease.fence(), seq), event);
  }

  private void endNow(JobId id, Ending ending) {
    JobRecord r = records.get(id);
    long fence = ++fences;
    records.put(id, with(r, ending.state(), fence, Optional.of(ending)));
    log.add(id, new Position(fence, 0), new JobEvent.End(ending.state()));
  }

  private JobRecord cancelling(JobRecord r) {
    records.put(r.id(), with(r, JobState.CANCELLING, r.fence(), Optional.empty()));
    log.wake(r.id());
    return records.get(r.id());
  }

  /** The record after a move; a published one, since the queue must have had it. */
  private JobRecord with(JobRecord r, JobState state, long fence, Optional<Ending> ending) {
    return new JobRecord(
        r.job(),
        state,
        true,
        r.attempt(),
        r.failures(),
        r.losses(),
        fence,
        r.notBefore(),
        r.startedAt(),
        ending.map(it -> r.endedAt().orElseGet(clock::instant)),
        ending,
        r.ticket(),
        r.webhook());
  }

  @Override
  public Future<Append> append(Lease lease, long firstSeq, List<JobEvent> events) {
    throw new UnsupportedOperationException("the gateway does not append");
  }

  @Override
  public Future<List<LoggedEvent>> read(JobId id, Position after, int limit) {
    return answer(() -> log.read(id, after, limit));
  }

  @Override
  public Subscription watch(JobId id, Runnable wake) {
    return log.watch(id, wake);
  }

  /** Records, logs and keys are gone; what was there before is being looked for. */
  synchronized void wipe() {
    records.clear();
    log.clear();
    keys.clear();
    epoch = Optional.of(new Epoch(clock.instant()));
  }

  /** One record is gone, as after its life. */
  synchronized void forget(JobId id) {
    records.remove(id);
  }

  synchronized List<JobRecord> all() {
    return List.copyOf(records.values());
  }

  @Override
  public Future<Optional<Epoch>> begin(String walker) {
    return answer(() -> epoch);
  }

  @Override
  public Future<Void> restore(JobMessage message) {
    return answer(
        () -> {
          if (!records.containsKey(message.job().id())) {
            put(message.job(), true, Optional.empty());
          }
          return null;
        });
  }

  @Override
  public Future<Void> complete(Epoch done) {
    return answer(
        () -> {
          epoch = Optional.empty();
          return null;
        });
  }

  static Ending completed(String text) {
    return new Ending.Completed(
        new Output(text, Optional.empty(), List.of()), new Usage(7, text.length()));
  }

  static Ending failed() {
    return new Ending.Failed(
        new Failure(FailureCode.ENGINE_CRASHED, "The engine died."), Output.NONE, Usage.NONE);
  }
}
