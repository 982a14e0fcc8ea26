package io.sluice.worker;

import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.Subscription;
import io.sluice.worker.Lifecycle.Phase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

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
    watching = Optional.of(puller.start());
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
   * fewer for a while. Does nothing where tokens bound them, or no server is called that.
   *
   * @param engine what it is called, as in {@link EngineConfig#name}
   */
  public void trouble(String engine, SlotTrouble why) {
    place.engines().all().stream()
        .filter(each -> each.name().equals(engine))
        .forEach(each -> each.trouble(why));
  }

  public Gauges gauges() {
    return new Gauges(
        place.engines().all().stream().map(Engine::gauges).toList(),
        place.parking().parked(),
        place.engines().open());
  }

  /** What its engines do not serve now, and why. */
  public List<Outage> outages() {
    return place.engines().all().stream().flatMap(each -> each.outages().stream()).toList();
  }

  private List<JobId> drainNow(Duration within) {
    place.life().enter(Phase.DRAINING);
    watching.ifPresent(Subscription::close);
    place.engines().shut();
    puller.stop(place.config().deadlines().giveBack());
    List<JobId> left = runs.awaitNone(within);
    runs.giveBack();
    runs.awaitNone(place.config().deadlines().giveBack());
    place.life().enter(Phase.CLOSED);
    place.renewals().close();
    return left;
  }
}
