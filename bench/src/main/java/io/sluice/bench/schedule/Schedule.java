package io.sluice.bench.schedule;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/** Prints what docs/PERFORMANCE.md says of the scheduler. */
public final class Schedule {
  private static final double[] LOADS = {0.8, 0.95, 1.05};

  private Schedule() {}

  public static void main(String[] args) {
    waits("tenants alike", Experiments::alike);
    waits("tenants with short jobs and tenants with long ones", Experiments::unlike);
    Experiments.Flood flood = Experiments.flood();
    print("| p99 wait in s of a tenant beside a flood | |");
    print("|---|---|");
    row("alone", List.of(seconds(flood.alone())));
    row("central queue, first come first served", List.of(seconds(flood.fifo())));
    row("Sluice", List.of(seconds(flood.sluice()) + of(flood.sluice(), flood.fifo())));
    print("");
    print("| tenant that never runs dry | due | got | off |");
    print("|---|---|---|---|");
    for (Experiments.Share share : Experiments.shares()) {
      row(
          share.tenant(),
          List.of(percent(share.due()), percent(share.got()), percent(share.off())));
    }
    print("");
    Experiments.Ageing ageing = Experiments.ageing();
    print("| one tenant of weight 1,000 beside 59 of weight 1 | |");
    print("|---|---|");
    row("turns that came by age", List.of("" + ageing.aged()));
    row(
        "turns of others, at most, once a lane had waited 60 s",
        List.of("" + ageing.overtakenMost()));
    row("longest wait of a lane for its turn, s", List.of(seconds(ageing.longest())));
    print("");
    Experiments.Classes classes = Experiments.classes();
    print("| interactive and batch | |");
    print("|---|---|");
    row("batch's share where both never run dry", List.of(percent(classes.batchShare())));
    row("batch jobs at a worker of 4 slots, at most", List.of("" + classes.batchMost()));
    row(
        "p99 wait of a few interactive jobs beside endless batch, s",
        List.of(seconds(classes.interactiveP99())));
    print("");
    beside();
  }

  private static void beside() {
    print(
        "| load of interactive jobs | alone | beside batch that leaves no more free than it never"
            + " takes | that leaves one free | that learns how many |");
    print("|---|---|---|---|---|");
    for (double load : new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8}) {
      row(
          "" + load,
          List.of(
              seconds(Experiments.alone(load).p99()),
              beside(load, Simulation.Leaves.NOTHING),
              beside(load, Simulation.Leaves.ONE_SLOT),
              beside(load, Simulation.Leaves.WHAT_IT_LEARNED)));
    }
  }

  private static String beside(double load, Simulation.Leaves leaves) {
    Experiments.Beside it = Experiments.besideBatch(load, leaves);
    return seconds(it.p99()) + String.format(Locale.ROOT, ", %.0f %%", 100 * it.batch());
  }

  private static void waits(String tenants, DoubleFunction<Experiments.Waits> of) {
    List<Experiments.Waits> waits = DoubleStream.of(LOADS).mapToObj(of).toList();
    print("| mean wait in s, " + tenants + " | load 0.8 | load 0.95 | load 1.05 |");
    print("|---|---|---|---|");
    row("round-robin push", waits.stream().map(it -> seconds(it.roundRobin())).toList());
    row(
        "central queue, first come first served",
        waits.stream().map(it -> seconds(it.fifo()) + of(it.fifo(), it.roundRobin())).toList());
    row(
        "Sluice",
        waits.stream().map(it -> seconds(it.sluice()) + of(it.sluice(), it.roundRobin())).toList());
    print("");
  }

  private static void row(String name, List<String> cells) {
    print("| " + name + " | " + String.join(" | ", cells) + " |");
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  private static String of(double value, double whole) {
    return String.format(Locale.ROOT, value / whole < 0.01 ? " (%.4f)" : " (%.2f)", value / whole);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
