package io.sluice;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that waits in a pool, as counters: what a forecast needs, of a size that does not grow with
 * the backlog.
 *
 * @param at the store's time of this look
 * @param pressure as {@link Backlog#pressure} was last
 * @param free whether nobody waits and fewer jobs run than could: who comes now starts now
 * @param pace how fast jobs leave the pool; empty until a handful left it while others waited
 */
public record Lines(
    Pool pool,
    Instant at,
    double pressure,
    boolean free,
    Optional<Pace> pace,
    Map<JobClass, Line> classes) {

  public Lines {
    classes = Map.copyOf(classes);
  }

  public Line of(JobClass jobClass) {
    return classes.getOrDefault(jobClass, Line.NONE);
  }

  /**
   * The lanes of one class.
   *
   * @param lanes those that a job ever entered
   * @param leases the number of each tenant that has a lane of its own
   */
  public record Line(List<Queue> lanes, Map<String, Integer> leases, Odds odds) {
    static final Line NONE = new Line(List.of(), Map.of(), Odds.BEFORE);

    public Line {
      lanes = List.copyOf(lanes);
      leases = Map.copyOf(leases);
    }
  }

  /**
   * One lane. Every job that enters it departs from it once: it starts, or ends before it starts.
   *
   * @param weight of the tenants whose jobs wait there, summed; at least 1
   * @param tokensPerSecond the cost of what has been coming in, of the last minute or so
   */
  public record Queue(
      int number, long weight, Amount entered, Amount departed, double tokensPerSecond) {
    public Amount waiting() {
      return entered.minus(departed);
    }
  }

  /** So many jobs, and the {@link Cost} that they were estimated at together. */
  public record Amount(long jobs, long tokens) {
    public static final Amount NONE = new Amount(0, 0);

    /** What is left of it, never less than nothing. */
    public Amount minus(Amount other) {
      return new Amount(Math.max(0, jobs - other.jobs), Math.max(0, tokens - other.tokens));
    }
  }

  /**
   * What the pool gets done: measured where jobs end while others wait, since a pool that nobody
   * waits for shows only how much it is asked for.
   *
   * @param seen of how many ends this is the mean, weighted by age
   * @param slots how many jobs run while others wait
   * @param variation of the time that a job takes for its cost: its variance in squares of its mean
   */
  public record Pace(
      double jobsPerSecond, double tokensPerSecond, double seen, double slots, double variation) {}

  /**
   * How actual waits compare with the model's: the median and a high quantile of their ratio. Both
   * are followed by small steps on a logarithmic scale, up where a wait was longer and down where
   * it was shorter, so that the right part of them comes to lie below. The steps need no belief
   * about the errors, as in adaptive conformal inference (Gibbs and Candès 2021). They compare with
   * where the quantile is now, not with where it was when the wait was foretold: a long queue
   * answers late, and to correct each answer again would overshoot.
   *
   * <p>Errors come in runs, since all that wait share the same pace. So the high quantile aims at
   * 94 % and never goes below the model, in order that nine of ten starts come in time; and its
   * steps are the smaller the more wait, so that one good run does not take back what the next bad
   * one needs.
   *
   * @param seen how many waits are in it: the first ones count more
   */
  public record Odds(double median, double ninety, long seen) {
    public static final Odds BEFORE = new Odds(1, 1, 0);

    private static final double AIM = 0.94;
    private static final double STEP = 0.01;
    private static final double FIRST_STEP = 0.3;
    private static final double STEPS_OF_ALL = 0.7;
    private static final double NINETY_LEAST = 0.95;
    private static final double LEAST = 0.05;
    private static final double MOST = 20;

    /**
     * After one more wait.
     *
     * @param ofMedian the wait as a part of what the model said for the median, 0 or more
     * @param ofNinety the same of what it said for the 90 % quantile
     * @param waiting how many jobs of the pool wait on
     */
    public Odds after(double ofMedian, double ofNinety, long waiting) {
      double first = FIRST_STEP / (1 + seen / 4.0);
      double step = Math.max(STEP, first);
      double highStep = Math.max(Math.min(STEP, STEPS_OF_ALL / (1 + waiting)), first);
      return new Odds(
          moved(median, ofMedian, 0.5, step),
          Math.max(NINETY_LEAST, moved(ninety, ofNinety, AIM, highStep)),
          Math.min(seen + 1, 1_000_000));
    }

    private static double moved(double at, double actual, double part, double step) {
      double by = actual > at ? part : part - 1;
      return Math.clamp(at * Math.exp(step * by), LEAST, MOST);
    }
  }
}
