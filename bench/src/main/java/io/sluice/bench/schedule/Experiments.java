package io.sluice.bench.schedule;

import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.bench.schedule.Simulation.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What is simulated, and what is measured in it. */
final class Experiments {
  private static final int SEEDS = 10;

  /** Queues near their limit differ much from one run to the other. */
  private static final int MANY_SEEDS = 40;

  private static final long SECOND = 1_000;
  private static final long WARM = 100 * SECOND;
  private static final long LONG = 4_000 * SECOND;
  private static final int TENANTS = 8;

  private Experiments() {}

  /** Mean waits in seconds over all seeds. */
  record Waits(double roundRobin, double fifo, double sluice) {}

  /** Eight tenants that do the same. */
  static Waits alike(double load) {
    return waits(tenants(i -> Source.of("tenant" + i, load / TENANTS)));
  }

  /**
   * Eight tenants that send as many jobs, four of them short ones and four long ones: 0.5 and 1.5
   * of the mean, which is a quarter of the variance of all. Together the lengths vary as {@link
   * #alike}: (1 + 1.0) x (1 + 0.25) - 1 = 1.5.
   */
  static Waits unlike(double load) {
    return waits(
        tenants(
            i -> {
              double factor = i % 2 == 0 ? 0.5 : 1.5;
              return Source.of("tenant" + i, load * factor / TENANTS)
                  .lengths(Lengths.CHAT.times(factor).variation(1.0));
            }));
  }

  private static List<Source> tenants(IntFunction<Source> each) {
    return IntStream.range(0, TENANTS).mapToObj(each).toList();
  }

  private static Waits waits(List<Source> sources) {
    return new Waits(
        meanWait(sources, Policy::roundRobinPush),
        meanWait(sources, Policy::centralFifo),
        meanWait(sources, () -> new SluicePull(Map.of())));
  }

  private static double meanWait(List<Source> sources, Supplier<Policy> policy) {
    return LongStream.rangeClosed(1, MANY_SEEDS)
            .mapToDouble(
                seed ->
                    Simulation.run(Source.trace(sources, LONG, seed), policy.get()).stream()
                        .mapToLong(Run::waitedMs)
                        .average()
                        .orElse(0))
            .average()
            .orElse(0)
        / SECOND;
  }

  /** The victim's 99th percentile of waits in seconds, over all seeds. */
  record Flood(double alone, double fifo, double sluice) {}

  /** One tenant sends half as much again as all slots can do, another a tenth. */
  static Flood flood() {
    Source victim = Source.of("victim", 0.1);
    List<Source> both = List.of(Source.of("flood", 1.5), victim);
    return new Flood(
        victimP99(List.of(victim), Policy::centralFifo),
        victimP99(both, Policy::centralFifo),
        victimP99(both, () -> new SluicePull(Map.of())));
  }

  private static double victimP99(List<Source> sources, Supplier<Policy> policy) {
    long[] waits =
        seeds()
            .mapToObj(seed -> Simulation.run(Source.trace(sources, LONG, seed), policy.get()))
            .flatMap(List::stream)
            .filter(run -> run.job().tenant().equals("victim"))
            .mapToLong(Run::waitedMs)
            .sorted()
            .toArray();
    return (double) waits[(int) (waits.length * 0.99)] / SECOND;
  }

  /**
   * What a tenant got of all virtual tokens, against what its weight is of all weights; the worst
   * seed.
   */
  record Share(String tenant, int weight, double due, double got) {
    double off() {
      return Math.abs(got / due - 1);
    }
  }

  /** Five tenants that never run dry, with unequal weights and lengths and with wrong estimates. */
  static List<Share> shares() {
    List<Source> sources =
        List.of(
            Source.backlog("short, weight 1").weight(1).lengths(Lengths.CHAT.times(0.25)),
            Source.backlog("plain, weight 2").weight(2),
            Source.backlog("estimated at a quarter, weight 3").weight(3).bias(0.25),
            Source.backlog("estimated at four times, weight 4").weight(4).bias(4),
            Source.backlog("long, weight 10").weight(10).lengths(new Lengths(2_000, 600, 1.5)));
    Map<String, Share> worst = new LinkedHashMap<>();
    seeds()
        .mapToObj(seed -> shares(sources, seed))
        .flatMap(List::stream)
        .forEach(
            share ->
                worst.merge(
                    share.tenant(), share, (one, other) -> one.off() > other.off() ? one : other));
    return List.copyOf(worst.values());
  }

  private static List<Share> shares(List<Source> sources, long seed) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    sources.forEach(source -> weights.put(source.tenant(), source.weight()));
    List<Run> runs =
        Simulation.run(Source.trace(sources, LONG, seed), new SluicePull(weights), LONG);
    double all = runs.stream().mapToDouble(Experiments::servedWarm).sum();
    double weightOfAll = weights.values().stream().mapToInt(Integer::intValue).sum();
    List<Share> shares = new ArrayList<>();
    weights.forEach(
        (tenant, weight) ->
            shares.add(
                new Share(
                    tenant,
                    weight,
                    weight / weightOfAll,
                    runs.stream()
                            .filter(run -> run.job().tenant().equals(tenant))
                            .mapToDouble(Experiments::servedWarm)
                            .sum()
                        / all)));
    return shares;
  }

  /** What of a job's cost fell between the first seconds and the end. */
  private static double servedWarm(Run run) {
    double inside = Math.min(run.endsMs(), LONG) - Math.max(run.startsMs(), WARM);
    return run.job().cost() * Math.max(0, inside) / run.job().serviceMs();
  }

  /**
   * @param lanes that have jobs at all times
   * @param aged turns that came by age
   * @param longest wait of a lane for its turn, in seconds
   * @param overtakenMost turns that others got, at most, before a lane that had waited for 60 s
   */
  record Ageing(int lanes, int aged, double longest, int overtakenMost) {}

  /** All 32 lanes have jobs, and one tenant weighs a thousand times as much as each other one. */
  static Ageing ageing() {
    List<Source> sources = new ArrayList<>();
    Map<String, Integer> weights = new LinkedHashMap<>();
    for (int i = 0; i < 60; i++) {
      String tenant = "tenant" + i;
      sources.add(Source.backlog(tenant));
      weights.put(tenant, i == 0 ? 1_000 : 1);
    }
    List<Patience> all =
        seeds()
            .mapToObj(
                seed -> {
                  SluicePull policy = new SluicePull(weights);
                  Simulation.run(Source.trace(sources, LONG / 4, seed), policy, LONG / 4);
                  return policy.patience();
                })
            .toList();
    return new Ageing(
        Lane.NUMBERS,
        all.stream().mapToInt(Patience::aged).sum(),
        all.stream().mapToLong(Patience::longestMs).max().orElse(0) / (double) SECOND,
        all.stream().mapToInt(Patience::overtakenMost).max().orElse(0));
  }

  /**
   * @param batchShare of all virtual tokens, where both classes never run dry; worst seed
   * @param batchMost batch jobs that ran at a worker at the same time, at most, with nothing else
   * @param interactiveP99 wait in seconds of a few interactive jobs beside endless batch
   */
  record Classes(double batchShare, int batchMost, double interactiveP99) {}

  static Classes classes() {
    Source batch = Source.backlog("nightly").jobClass(JobClass.BATCH);
    List<Source> both = List.of(Source.backlog("people"), batch);
    double share =
        seeds()
            .mapToDouble(seed -> batchShare(both, seed))
            .reduce((a, b) -> Math.abs(a - 0.1) > Math.abs(b - 0.1) ? a : b)
            .orElse(0);
    List<Source> few = List.of(Source.of("people", 0.05), batch);
    List<Run> beside =
        seeds()
            .mapToObj(
                seed ->
                    Simulation.run(
                        Source.trace(few, LONG / 4, seed), new SluicePull(Map.of()), LONG / 4))
            .flatMap(List::stream)
            .filter(run -> run.job().jobClass() == JobClass.INTERACTIVE)
            .toList();
    long[] waits = beside.stream().mapToLong(Run::waitedMs).sorted().toArray();
    return new Classes(
        share, batchMost(batch), waits[(int) (waits.length * 0.99)] / (double) SECOND);
  }

  /**
   * Interactive jobs beside batch that never runs dry.
   *
   * @param p99 of their waits in seconds
   * @param batch slots that batch holds of all, in the mean
   */
  record Beside(double p99, double batch) {}

  /** The same interactive jobs without batch. */
  static Beside alone(double load) {
    return beside(List.of(Source.of("people", load)), Simulation.Leaves.NOTHING);
  }

  static Beside besideBatch(double load, Simulation.Leaves leaves) {
    Source batch = Source.backlog("nightly").jobClass(JobClass.BATCH);
    return beside(List.of(Source.of("people", load), batch), leaves);
  }

  private static Beside beside(List<Source> sources, Simulation.Leaves leaves) {
    List<Run> runs =
        seeds()
            .mapToObj(
                seed ->
                    Simulation.run(
                        Source.trace(sources, LONG, seed), new SluicePull(Map.of()), LONG, leaves))
            .flatMap(List::stream)
            .toList();
    long[] waits =
        runs.stream()
            .filter(run -> run.job().jobClass() == JobClass.INTERACTIVE)
            .mapToLong(Run::waitedMs)
            .sorted()
            .toArray();
    double held =
        runs.stream()
            .filter(run -> run.job().jobClass() == JobClass.BATCH)
            .mapToDouble(run -> Math.min(run.endsMs(), LONG) - run.startsMs())
            .sum();
    return new Beside(
        waits[(int) (waits.length * 0.99)] / (double) SECOND,
        held / SEEDS / LONG / Simulation.SLOTS_IN_ALL);
  }

  private static double batchShare(List<Source> sources, long seed) {
    List<Run> runs =
        Simulation.run(Source.trace(sources, LONG, seed), new SluicePull(Map.of()), LONG);
    double all = runs.stream().mapToDouble(Experiments::servedWarm).sum();
    return runs.stream()
            .filter(run -> run.job().jobClass() == JobClass.BATCH)
            .mapToDouble(Experiments::servedWarm)
            .sum()
        / all;
  }

  private static int batchMost(Source batch) {
    List<Run> runs =
        Simulation.run(
            Source.trace(List.of(batch), LONG / 40, 1), new SluicePull(Map.of()), LONG / 40);
    return runs.stream()
        .mapToInt(
            run ->
                (int)
                    runs.stream()
                        .filter(other -> other.worker() == run.worker())
                        .filter(
                            other ->
                                other.startsMs() <= run.startsMs()
                                    && run.startsMs() < other.endsMs())
                        .count())
        .max()
        .orElse(0);
  }

  private static LongStream seeds() {
    return LongStream.rangeClosed(1, SEEDS);
  }
}
