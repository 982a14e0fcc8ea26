package io.sluice.forecast;

import io.sluice.JobClass;
import java.util.ArrayList;
import java.util.List;

/**
 * Weighted fair service as a fluid (generalized processor sharing, Parekh and Gallager 1993): the
 * pool's capacity is split between the classes that want it, 9 to 1, and each part between the
 * lanes of the class by weight; what one does not want is left to the others. The scheduler's
 * counters follow this to within a job of each lane.
 */
final class Fluid {
  private static final double INTERACTIVE_SHARE = 9;
  private static final double BATCH_SHARE = 1;

  private final double capacity;
  private final Stream own;
  private final List<Stream> all;

  /**
   * @param capacity in virtual tokens a second
   * @param own what is ahead of a job in its own lane
   */
  Fluid(double capacity, Stream own, List<Stream> others) {
    this.capacity = capacity;
    this.own = own;
    this.all = new ArrayList<>(others);
    all.add(own);
  }

  /** Seconds until all that is ahead of the job has started. Each step empties a lane, or ends. */
  double run() {
    double seconds = 0;
    for (int step = 0; own.waits() && step <= all.size(); step++) {
      share();
      double next = all.stream().mapToDouble(Stream::untilEmpty).min().orElse(0);
      all.forEach(stream -> stream.pass(next));
      seconds += next;
    }
    return seconds;
  }

  private void share() {
    JobClass[] classes = JobClass.values();
    List<List<Stream>> groups = new ArrayList<>();
    double[] weights = new double[classes.length];
    double[] demands = new double[classes.length];
    for (JobClass jobClass : classes) {
      List<Stream> group = all.stream().filter(it -> it.jobClass() == jobClass).toList();
      weights[groups.size()] = jobClass == JobClass.INTERACTIVE ? INTERACTIVE_SHARE : BATCH_SHARE;
      demands[groups.size()] = group.stream().mapToDouble(Stream::demand).sum();
      groups.add(group);
    }
    double[] parts = split(capacity, weights, demands);
    for (int n = 0; n < groups.size(); n++) {
      share(parts[n], groups.get(n));
    }
  }

  private static void share(double part, List<Stream> group) {
    double[] rates =
        split(
            part,
            group.stream().mapToDouble(Stream::weight).toArray(),
            group.stream().mapToDouble(Stream::demand).toArray());
    for (int n = 0; n < rates.length; n++) {
      group.get(n).give(rates[n]);
    }
  }

  /** By weight, but to nobody more than it demands while another wants more (max-min fairness). */
  static double[] split(double amount, double[] weights, double[] demands) {
    double[] parts = new double[weights.length];
    boolean[] settled = new boolean[weights.length];
    double left = amount;
    boolean changed = true;
    while (changed) {
      changed = false;
      double wanting = 0;
      for (int n = 0; n < weights.length; n++) {
        wanting += settled[n] ? 0 : weights[n];
      }
      double perWeight = wanting > 0 ? left / wanting : 0;
      for (int n = 0; n < weights.length; n++) {
        if (!settled[n]) {
          parts[n] = weights[n] * perWeight;
        }
      }
      for (int n = 0; n < weights.length; n++) {
        if (!settled[n] && demands[n] <= weights[n] * perWeight) {
          parts[n] = demands[n];
          settled[n] = true;
          left -= demands[n];
          changed = true;
        }
      }
    }
    return parts;
  }
}
