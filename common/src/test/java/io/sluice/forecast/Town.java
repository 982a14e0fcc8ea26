package io.sluice.forecast;

import io.sluice.Cost;
import io.sluice.Forecast;
import io.sluice.JobClass;
import io.sluice.Jobs;
import io.sluice.Lines;
import io.sluice.Lines.Amount;
import io.sluice.Lines.Odds;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/**
 * A pool in virtual time: jobs come, wait in fair lanes, run in slots, and each is told at its
 * arrival when it will start. Counts what the stores count.
 */
final class Town {
  static final long EPOCH = 1_000_000_000_000L;
  private static final double INTERACTIVE_SHARE = 9;
  private static final double MEAN_OUTPUT = 256;

  /** One who comes. */
  record Arrival(long at, String tenant, int weight, JobClass jobClass, int prompt, int output) {}

  /** What came of it. */
  record Outcome(Arrival arrival, Forecast forecast, long waited) {
    boolean isTold() {
      return forecast.p90().isPresent();
    }

    /** Whether it was told to wait, and not that it starts at once. */
    boolean hasToWait() {
      return isTold() && forecast.p50().get().toEpochMilli() > EPOCH + arrival.at() + 1000;
    }

    boolean inTime() {
      return !started().isAfter(forecast.p90().orElseThrow());
    }

    boolean inHalf() {
      return !started().isAfter(forecast.p50().orElseThrow());
    }

    private Instant started() {
      return Instant.ofEpochMilli(EPOCH + arrival.at() + waited);
    }
  }

  private static final class Job {
    final Arrival arrival;
    final long cost;
    Forecast forecast;
    Optional<Told> told = Optional.empty();

    Job(Arrival arrival, double meanOutput) {
      this.arrival = arrival;
      this.cost = Cost.of(arrival.prompt(), Math.round(meanOutput));
    }
  }

  private static final class Lane {
    final int weight;
    final Deque<Job> waiting = new ArrayDeque<>();
    Amount entered = Amount.NONE;
    Amount departed = Amount.NONE;
    double inflow;
    long inflowAt;
    double counter;

    Lane(int weight) {
      this.weight = weight;
    }
  }

  private static final class Side {
    final Map<String, Lane> lanes = new TreeMap<>();
    final List<String> numbers = new ArrayList<>();
    Odds odds = Odds.BEFORE;
    double meanOutput = MEAN_OUTPUT;
    double counter;

    boolean waits() {
      return lanes.values().stream().anyMatch(lane -> !lane.waiting.isEmpty());
    }

    Lane next() {
      return lanes.values().stream()
          .filter(lane -> !lane.waiting.isEmpty())
          .min(Comparator.comparingDouble(lane -> lane.counter))
          .orElseThrow();
    }
  }

  private record End(long at, Job job, boolean batch, long ran) {}

  /** What an engine needs for a job that starts at this moment, in ms. */
  interface Engine {
    long runs(Arrival arrival, long at);
  }

  private final int slots;
  private final Engine engine;
  private final Map<JobClass, Side> sides = new EnumMap<>(JobClass.class);
  private final Meter meter = new Meter(Meter.State.EMPTY);
  private final PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparingLong(End::at));
  private final List<Outcome> outcomes = new ArrayList<>();
  private int running;
  private int runningBatch;

  Town(int slots, Engine engine) {
    this.slots = slots;
    this.engine = engine;
    for (JobClass jobClass : JobClass.values()) {
      sides.put(jobClass, new Side());
    }
  }

  /** Runs until all that come have started. */
  List<Outcome> run(List<Arrival> arrivals) {
    for (Arrival arrival : arrivals) {
      endUntil(arrival.at());
      come(arrival);
    }
    endUntil(Long.MAX_VALUE);
    return outcomes;
  }

  private void endUntil(long now) {
    while (!ends.isEmpty() && ends.peek().at() <= now) {
      End end = ends.remove();
      running--;
      runningBatch -= end.batch() ? 1 : 0;
      meter.ends(EPOCH + end.at(), end.job().cost, end.ran());
      Side side = sides.get(end.job().arrival.jobClass());
      side.meanOutput += (end.job().arrival.output() - side.meanOutput) / 1024;
      fill(end.at());
    }
  }

  private void come(Arrival arrival) {
    long now = EPOCH + arrival.at();
    Side side = sides.get(arrival.jobClass());
    Job job = new Job(arrival, side.meanOutput);
    job.forecast =
        Outlook.of(lines(now)).forecast(arrival.jobClass(), arrival.tenant(), arrival.weight());
    job.told = Told.of(job.forecast, Instant.ofEpochMilli(now), side.odds);
    Lane lane = lane(side, arrival);
    if (lane.waiting.isEmpty()) {
      double least =
          side.lanes.values().stream()
              .filter(it -> !it.waiting.isEmpty())
              .mapToDouble(it -> it.counter)
              .min()
              .orElse(lane.counter);
      lane.counter = Math.max(lane.counter, least);
    }
    if (!side.waits()) {
      Side other =
          sides.get(arrival.jobClass() == JobClass.BATCH ? JobClass.INTERACTIVE : JobClass.BATCH);
      side.counter = Math.max(side.counter, other.waits() ? other.counter : side.counter);
    }
    lane.waiting.add(job);
    lane.entered = new Amount(lane.entered.jobs() + 1, lane.entered.tokens() + job.cost);
    lane.inflow = Inflow.faded(lane.inflow, lane.inflowAt, now) + job.cost;
    lane.inflowAt = now;
    meter.enters(now);
    fill(arrival.at());
  }

  private Lane lane(Side side, Arrival arrival) {
    if (!side.numbers.contains(arrival.tenant())) {
      side.numbers.add(arrival.tenant());
    }
    return side.lanes.computeIfAbsent(arrival.tenant(), it -> new Lane(arrival.weight()));
  }

  private Lines lines(long now) {
    Map<JobClass, Lines.Line> classes = new EnumMap<>(JobClass.class);
    sides.forEach(
        (jobClass, side) -> {
          List<Lines.Queue> lanes = new ArrayList<>();
          Map<String, Integer> leases = new TreeMap<>();
          side.lanes.forEach(
              (tenant, lane) -> {
                int number = side.numbers.indexOf(tenant);
                leases.put(tenant, number);
                double inflow = Inflow.faded(lane.inflow, lane.inflowAt, now);
                lanes.add(
                    new Lines.Queue(
                        number,
                        lane.weight,
                        lane.entered,
                        lane.departed,
                        Inflow.perSecond(inflow)));
              });
          classes.put(jobClass, new Lines.Line(lanes, leases, side.odds));
        });
    return new Lines(
        Jobs.POOL, Instant.ofEpochMilli(now), 0, meter.isFree(now), meter.pace(now), classes);
  }

  private void fill(long now) {
    while (running < slots) {
      Optional<JobClass> next = next();
      if (next.isEmpty()) {
        return;
      }
      start(next.get(), now);
    }
  }

  private Optional<JobClass> next() {
    Side interactive = sides.get(JobClass.INTERACTIVE);
    Side batch = sides.get(JobClass.BATCH);
    boolean batchMay = batch.waits() && runningBatch < slots - 1;
    if (!interactive.waits()) {
      return batchMay ? Optional.of(JobClass.BATCH) : Optional.empty();
    }
    boolean first = !batchMay || interactive.counter <= batch.counter;
    return Optional.of(first ? JobClass.INTERACTIVE : JobClass.BATCH);
  }

  private void start(JobClass jobClass, long at) {
    long now = EPOCH + at;
    Side side = sides.get(jobClass);
    Lane lane = side.next();
    Job job = lane.waiting.remove();
    long cost = Cost.of(job.arrival.prompt(), job.arrival.output());
    lane.counter += (double) cost / lane.weight;
    side.counter += cost / (jobClass == JobClass.INTERACTIVE ? INTERACTIVE_SHARE : 1);
    lane.departed = new Amount(lane.departed.jobs() + 1, lane.departed.tokens() + job.cost);
    meter.departs(now);
    meter.begins(now);
    running++;
    runningBatch += jobClass == JobClass.BATCH ? 1 : 0;
    long ran = engine.runs(job.arrival, at);
    ends.add(new End(at + ran, job, jobClass == JobClass.BATCH, ran));
    long waited = at - job.arrival.at();

    job.told
        .filter(told -> !meter.stoodSince(EPOCH + job.arrival.at()))
        .ifPresent(told -> side.odds = told.after(side.odds, waited, meter.state().waiting()));
    outcomes.add(new Outcome(job.arrival, job.forecast, waited));
  }

  /** Log-normal with this mean, and a variance of 1.5 times its square. */
  static int lengths(Random random, double mean) {
    double sigma = Math.sqrt(Math.log(1 + 1.5));
    return (int) Math.max(1, mean * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2));
  }
}
