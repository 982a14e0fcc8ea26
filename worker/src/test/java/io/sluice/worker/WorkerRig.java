package io.sluice.worker;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.Admission;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Leases;
import io.sluice.LoggedEvent;
import io.sluice.Pool;
import io.sluice.Position;
import io.sluice.RetryPolicy;
import io.sluice.embedded.Embedded;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A worker on the embedded adapters and a scripted model server, and the words to drive it. */
abstract class WorkerRig {
  static final Pool POOL = Jobs.POOL;
  static final Pool OTHER = Pool.parse("smollm2:135m");
  static final Failure BROKEN = new Failure(FailureCode.ENGINE_ERROR, "the engine failed");
  static final Failure CRASHED = new Failure(FailureCode.ENGINE_CRASHED, "the engine died");
  static final Failure UNREACHABLE = new Failure(FailureCode.ENGINE_UNREACHABLE, "no engine");
  static final Duration WITHIN = Duration.ofSeconds(20);

  private static final WorkerConfig.Pace QUICK =
      new WorkerConfig.Pace(
          Duration.ofMillis(100),
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ofMillis(20),
          Duration.ofMillis(20),
          Duration.ofMillis(100));

  @TempDir Path folder;

  final ScriptedModelServer server = new ScriptedModelServer();
  final List<Ending> ended = new CopyOnWriteArrayList<>();
  final Set<FailureCode> unserved = ConcurrentHashMap.newKeySet();
  final List<Failure> retried = new CopyOnWriteArrayList<>();
  final List<Duration> first = new CopyOnWriteArrayList<>();
  final List<JobListener.Warmth> placed = new CopyOnWriteArrayList<>();
  final List<JobState> endedFromOutside = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>();

  private volatile Duration ahead = Duration.ZERO;
  final InstantSource clock = () -> Instant.now().plus(ahead);

  Embedded ports;

  /** Where the truth is: the same as above until the store lost everything. */
  Embedded truth;

  BrittleStore store;
  Worker worker;

  @BeforeEach
  void open() {
    ports = openIn("data");
    truth = ports;
    store = new BrittleStore(ports.leases(), ports.events());
  }

  private Embedded openIn(String name) {
    Embedded made =
        Embedded.open(
            folder.resolve(name),
            new Admission.Bounds(50_000, 50_000),
            List.of(POOL, OTHER),
            clock);
    opened.add(made);
    return made;
  }

  @AfterEach
  void closeAll() throws Exception {
    store.isAway(false);
    if (worker != null) {
      worker.close();
    }
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  WorkerConfig config() {
    return WorkerConfig.of("worker-1", Set.of(POOL, OTHER)).with(QUICK);
  }

  List<EngineConfig> engines(int slots) {
    return List.of(new EngineConfig("engine-1", server, slots));
  }

  Worker start(int slots, WorkerConfig config) {
    return start(engines(slots), config);
  }

  Worker start(List<EngineConfig> engines, WorkerConfig config) {
    worker = new Worker(workerPorts(), engines, config, new Heard(), clock);
    worker.start();
    return worker;
  }

  WorkerPorts workerPorts() {
    return new WorkerPorts(queue(), order(), store, store, ports.warmSessions(), ports.warmLanes());
  }

  LaneOrder order() {
    return ports.laneOrder();
  }

  JobQueue queue() {
    return ports.queue();
  }

  Worker start(int slots) {
    return start(slots, config());
  }

  private final class Heard implements JobListener {
    @Override
    public void ended(Job job, int attempt, Ending ending, Duration ran) {
      ended.add(ending);
    }

    @Override
    public void ended(JobId id, JobState state) {
      endedFromOutside.add(state);
    }

    @Override
    public void unserved(String engine, Pool pool, Failure why) {
      unserved.add(why.code());
    }

    @Override
    public void placed(Job job, Warmth warmth) {
      placed.add(warmth);
    }

    @Override
    public void firstToken(Job job, Duration after) {
      first.add(after);
    }

    @Override
    public void retried(Job job, int attempt, Failure why) {
      retried.add(why);
    }
  }

  void pass(Duration time) {
    ahead = ahead.plus(time);
  }

  /** All records and logs are gone; the messages are not. */
  void loseEverything() {
    truth = openIn("data-" + UUID.randomUUID());
    store.becomes(truth.leases(), truth.events());
  }

  Job chat() {
    return Jobs.chat(clock.instant()).job();
  }

  /** With other limits than usual. */
  static Job with(Job job, Duration timeout, RetryPolicy retry) {
    return new Job(
        job.id(),
        job.tenant(),
        job.principal(),
        job.session(),
        job.kind(),
        job.pool(),
        job.jobClass(),
        job.request(),
        job.promptTokens(),
        job.maxOutputTokens(),
        job.createdAt(),
        job.startBy(),
        job.finishBy(),
        timeout,
        retry,
        job.metadata(),
        job.webhook(),
        job.idempotency(),
        job.traceparent());
  }

  /** Retries at once. */
  static Job patient(Job job) {
    return with(job, job.timeout(), new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(2)));
  }

  Job submit(Job job) {
    assertThat(await(ports.admission().admit(job))).isInstanceOf(Admission.Decision.Admitted.class);
    publish(job);
    await(ports.admission().published(List.of(job.id())));
    return job;
  }

  void publish(Job job) {
    publish(job, 0, LaneOrder.Share.UNKNOWN);
  }

  void publish(Job job, int number, LaneOrder.Share share) {
    Lane lane = new Lane.Ready(job.pool(), job.jobClass(), number);
    assertThat(await(ports.queue().publish(lane, new JobMessage(job, 0))))
        .isEqualTo(JobQueue.Publish.CONFIRMED);
    await(ports.laneOrder().offered(lane, share));
  }

  JobRecord record(Job job) {
    return record(job.id());
  }

  JobRecord record(JobId id) {
    return ((JobStore.Lookup.Found) await(truth.store().find(id))).record();
  }

  void awaitState(Job job, JobState state) {
    await()
        .atMost(WITHIN)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                await(truth.store().find(job.id())) instanceof JobStore.Lookup.Found found
                    && found.record().state() == state);
  }

  /** The job ended like this, with one end event, and its log tells the same text as its result. */
  void assertEnds(Job job, JobState state) {
    awaitState(job, state);
    List<JobEvent> events = events(job.id());
    assertThat(events).filteredOn(JobEvent.End.class::isInstance).hasSize(1);
    assertThat(events).last().isEqualTo(new JobEvent.End(state));
    assertThat(text(events)).isEqualTo(record(job).ending().orElseThrow().output().text());
  }

  List<JobEvent> events(JobId id) {
    List<JobEvent> all = new ArrayList<>();
    Position after = Position.START;
    for (List<LoggedEvent> page = read(id, after); !page.isEmpty(); page = read(id, after)) {
      page.forEach(logged -> all.add(logged.event()));
      after = page.getLast().position();
    }
    return all;
  }

  private List<LoggedEvent> read(JobId id, Position after) {
    return await(truth.events().read(id, after, 100));
  }

  /** What a reader has after the last reset. */
  static String text(List<JobEvent> events) {
    int reset = 0;
    for (int i = 0; i < events.size(); i++) {
      reset = events.get(i) instanceof JobEvent.Reset ? i : reset;
    }
    return events.subList(reset, events.size()).stream()
        .filter(JobEvent.Token.class::isInstance)
        .map(event -> ((JobEvent.Token) event).text())
        .collect(Collectors.joining());
  }

  FailureCode code(Job job) {
    return record(job).ending().flatMap(Ending::failure).orElseThrow().code();
  }

  /** No message of any pool is waiting, and none is in hand: a new opening brings none back. */
  void assertNoMessagesLeft() throws Exception {
    worker.close();
    ports.close();
    opened.remove(ports);
    ports = openIn("data");
    for (Pool pool : List.of(POOL, OTHER)) {
      for (Lane lane : Lane.of(pool)) {
        assertThat(await(ports.queue().pull(lane))).as(lane.label()).isEmpty();
      }
    }
  }

  Leases.Lease heldBy(String other, Job job) {
    Leases.Claim claim =
        await(
            truth
                .leases()
                .claim(
                    new Leases.Request(
                        new JobMessage(job, 0), other, UUID.randomUUID().toString(), false)));
    return ((Leases.Claim.Granted) claim).lease();
  }

  void eventually(org.awaitility.core.ThrowingRunnable assertion) {
    await().atMost(WITHIN).pollInterval(Duration.ofMillis(10)).untilAsserted(assertion);
  }
}
