package io.sluice.worker;

import io.sluice.Conversation;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.sluice.WorkerReport;
import io.sluice.worker.Lifecycle.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The runtime that turns messages into answers: it pulls a message for each free slot, claims the
 * job, has the model server generate, logs the tokens, writes the end, and settles last. Nothing is
 * pulled until a model server has proven itself, and nothing starts while the store is away.
 */
public final class Worker implements AutoCloseable {
  private final Workplace place;
  private final Runs runs;
  private final Puller puller;

  // Guarded by this.
  private Optional<Subscription> watching = Optional.empty();
  private Optional<List<JobId>> drained = Optional.empty();

  /**
   * @param engines where its jobs run; at least one
   * @param clock the time that retries and parked messages wait by
   */
  public Worker(
      WorkerPorts ports,
      List<EngineConfig> engines,
      WorkerConfig config,
      JobListener listener,
      InstantSource clock) {
    this.place = Workplace.of(ports, engines, config, listener, clock);
    this.runs = new Runs(place);
    this.puller = new Puller(place, runs::accept);
    runs.whenOneEnds(puller::wake);
  }

  /** Begins to probe the model servers and to pull. Once. */
  public synchronized void start() {
    if (watching.isPresent() || drained.isPresent()) {
      throw new IllegalStateException("a worker starts once");
    }
    place.engines().start();
    Subscription lanes = puller.start();
    Subscription handed = place.warmLane().start(puller::wake);
    watching =
        Optional.of(
            () -> {
              lanes.close();
              handed.close();
            });
  }

  /**
   * Stops pulling at once, lets running jobs finish within this time, and then gives back the rest.
   * A last pull that is under way and the giving back take at most {@link
   * WorkerConfig.Deadlines#giveBack} more, each. Parked messages are given back at once. No attempt
   * is counted against a job. A second call gets the first one's answer.
   *
   * @return the jobs that had not finished when their time was up
   */
  public synchronized List<JobId> drain(Duration within) {
    if (drained.isEmpty()) {
      drained = Optional.of(drainNow(within));
    }
    return drained.get();
  }

  /** {@link #drain} within the configured time. */
  public List<JobId> drain() {
    return drain(place.config().deadlines().drain());
  }

  /** Stops now: what runs is given back. */
  @Override
  public void close() {
    drain(Duration.ZERO);
  }

  /**
   * Somebody found out that a model server has more requests at a time than it can bear: it gets
   * fewer for a while. Does nothing where tokens bound them, no server is called that, or it serves
   * nothing now: then it has none of them, and is looked at anew before it gets any.
   *
   * @param engine what it is called, as in {@link EngineConfig#name}
   */
  public void trouble(String engine, SlotTrouble why) {
    place.engines().all().stream()
        .filter(each -> each.name().equals(engine) && !each.open().isEmpty())
        .forEach(each -> each.trouble(why));
  }

  /**
   * Takes no jobs until {@link #resume}. What runs goes on; what waits in hand without a slot is
   * given back. Its engines are not asked for anything else.
   */
  public void pause() {
    if (place.life().pause(true)) {
      place.engines().follow();
    }
  }

  /** Gives back what still runs, if it is paused. No attempt is counted against a job. */
  public void giveBack() {
    if (!place.life().isOpen()) {
      runs.giveBack();
    }
  }

  /** Takes jobs again, as soon as the engines have proven themselves anew. */
  public void resume() {
    if (place.life().pause(false)) {
      place.engines().follow();
      place.engines().all().forEach(Engine::proveAgain);
      puller.wake();
    }
  }

  /** Whether it takes jobs, if there are any: it is neither drained nor ending. */
  public boolean isServing() {
    return place.life().isOpen();
  }

  /** What it is called in the fleet. */
  String id() {
    return place.config().worker();
  }

  List<Engine> engines() {
    return place.engines().all();
  }

  /** What it is doing, for the fleet to know. */
  public WorkerReport report(About about) {
    return new WorkerReport(
        place.config().worker(),
        about.host(),
        about.version(),
        List.copyOf(place.config().pools()),
        place.engines().all().stream().map(Engine::report).toList(),
        state(),
        runs.count(),
        about.startedAt());
  }

  private WorkerReport.State state() {
    if (place.life().isEnding()) {
      return WorkerReport.State.STOPPING;
    }
    if (place.life().isOpen()) {
      return WorkerReport.State.SERVING;
    }
    return runs.count() == 0 ? WorkerReport.State.DRAINED : WorkerReport.State.DRAINING;
  }

  /** What a worker does not know of its own process. */
  public record About(String host, String version, Instant startedAt) {}

  public Gauges gauges() {
    return new Gauges(
        place.engines().all().stream().map(Engine::gauges).toList(),
        place.parking().parked(),
        place.engines().open(),
        place.fares().leftFree());
  }

  /** Whether jobs go to its engines, by engine and pool. */
  public List<Circuit> circuits() {
    return place.engines().all().stream().flatMap(each -> each.circuits().stream()).toList();
  }

  /** The pools that one of its model servers serves now. */
  Set<Pool> servedBy(String engine) {
    return place.engines().all().stream()
        .filter(each -> each.name().equals(engine))
        .findFirst()
        .map(Engine::open)
        .orElseThrow();
  }

  /** Tokens that the warmest of its model servers has in its cache of a job's conversation. */
  int warmTokens(Job job) {
    Conversation conversation = Conversation.of(job).orElseThrow();
    return place.engines().all().stream()
        .mapToInt(each -> each.cache().tokens(conversation))
        .max()
        .orElse(0);
  }

  /** What its engines do not serve now, and why. */
  public List<Outage> outages() {
    return place.engines().all().stream().flatMap(each -> each.outages().stream()).toList();
  }

  private List<JobId> drainNow(Duration within) {
    place.life().enter(Phase.DRAINING);
    watching.ifPresent(Subscription::close);
    place.engines().follow();
    puller.stop(place.config().deadlines().giveBack());
    List<JobId> left = runs.awaitNone(within);
    runs.giveBack();
    runs.awaitNone(place.config().deadlines().giveBack());
    place.life().enter(Phase.CLOSED);
    place.renewals().close();
    return left;
  }
}
