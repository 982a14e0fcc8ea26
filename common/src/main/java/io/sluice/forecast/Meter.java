package io.sluice.forecast;

import io.sluice.Lines.Pace;
import java.util.Optional;

/**
 * The pace of one pool, kept by whoever stores its jobs. Time is counted only while somebody has
 * been waiting for {@link #GRACE_MS}: a job is always a moment on its way to a worker, which says
 * nothing of the capacity. Of the jobs that end in that time each leaves its slot to one that
 * waits; so the ends, and not the starts, are counted: a crowd that meets empty slots starts at
 * once, and its next start is as far away as the first end.
 *
 * <p>Not for several threads. The scripts of Redis do the same, field by field.
 */
public final class Meter {
  static final long GRACE_MS = 500;

  /** The mean is over about so many ends. */
  static final double ENDS = 100;

  static final double ENDS_PER_SLOT = 4;

  /** Fewer than these say too little. */
  static final double ENDS_MIN = 4.5;

  /** What was seen longer ago says nothing of now. */
  static final long AGE_MAX_MS = 3_600_000;

  /** A pool stands still that is silent for as long as so many ends took, and for some seconds. */
  private static final double STANDS_ENDS = 100;

  private static final double STANDS_LEAST_MS = 10_000;

  /** How quickly the number of slots follows what runs while somebody waits. */
  private static final double SLOTS_STEP = 0.125;

  /**
   * What is kept. Times are milliseconds, 0 where there is none.
   *
   * @param stoodAt until when the pool stood still last
   */
  public record State(
      double jobs,
      double tokens,
      double busyMs,
      long countedTo,
      long waitingSince,
      long seenAt,
      long waiting,
      long running,
      double slots,
      Speed speed,
      long stoodAt) {
    public static final State EMPTY = new State(0, 0, 0, 0, 0, 0, 0, 0, 0, Speed.UNKNOWN, 0);
  }

  /**
   * Of the time that jobs take for their cost: sums of the last fifty or so, and of the squares.
   */
  public record Speed(double jobs, double sum, double squares) {
    public static final Speed UNKNOWN = new Speed(0, 0, 0);

    private static final double KEPT = 0.98;

    /** Outputs of language models vary about so much; as good as so many jobs that were seen. */
    private static final double USUAL = 1.5;

    private static final double USUAL_JOBS = 5;

    Speed after(double msPerToken) {
      return new Speed(
          jobs * KEPT + 1, sum * KEPT + msPerToken, squares * KEPT + msPerToken * msPerToken);
    }

    double variation() {
      double mean = jobs > 0 ? sum / jobs : 0;
      double seen = mean > 0 ? Math.max(0, squares / jobs / (mean * mean) - 1) : 0;
      return (seen * jobs + USUAL * USUAL_JOBS) / (jobs + USUAL_JOBS);
    }
  }

  private double jobs;
  private double tokens;
  private double busyMs;
  private long countedTo;
  private long waitingSince;
  private long seenAt;
  private long waiting;
  private long running;
  private double slots;
  private Speed speed;
  private long stoodAt;

  public Meter(State state) {
    jobs = state.jobs();
    tokens = state.tokens();
    busyMs = state.busyMs();
    countedTo = state.countedTo();
    waitingSince = state.waitingSince();
    seenAt = state.seenAt();
    waiting = state.waiting();
    running = state.running();
    slots = state.slots();
    speed = state.speed();
    stoodAt = state.stoodAt();
  }

  public State state() {
    return new State(
        jobs,
        tokens,
        busyMs,
        countedTo,
        waitingSince,
        seenAt,
        waiting,
        running,
        slots,
        speed,
        stoodAt);
  }

  /** A job waits for its first attempt from now on. */
  public void enters(long now) {
    if (waiting == 0) {
      waitingSince = now;
    }
    waiting++;
  }

  /** A job waits no more: it starts, or never will. */
  public void departs(long now) {
    if (waiting <= 1) {
      count(now);
      waitingSince = 0;
    }
    waiting = Math.max(0, waiting - 1);
  }

  /** An attempt begins. */
  public void begins(long now) {
    count(now);
    running++;
    slots = Math.max(slots, running);
    seenAt = now;
  }

  /**
   * An attempt is over, and its slot is free.
   *
   * @param ranMs how long it took; 0 where that is not known
   */
  public void ends(long now, long cost, long ranMs) {
    count(now);
    if (isCrowded(now)) {
      slots += SLOTS_STEP * (running - slots);
      fade();
      jobs++;
      tokens += cost;
      seenAt = now;
      speed = ranMs > 0 && cost > 0 ? speed.after((double) ranMs / cost) : speed;
    }
    running = Math.max(0, running - 1);
  }

  private void fade() {
    double kept = 1 - 1 / Math.max(ENDS, ENDS_PER_SLOT * slots);
    jobs *= kept;
    tokens *= kept;
    busyMs *= kept;
  }

  private boolean isCrowded(long now) {
    return waitingSince > 0 && now > waitingSince + GRACE_MS;
  }

  /**
   * A pool that stood still has no pace: with the time that it stood in the mean, the first jobs
   * afterwards would be told to wait many times too long.
   */
  private void count(long now) {
    if (isCrowded(now)) {
      long since = waitingSince + GRACE_MS;
      if (now - Math.max(since, seenAt) > standsAfterMs()) {
        jobs = 0;
        tokens = 0;
        busyMs = 0;
        stoodAt = now;
      } else {
        busyMs += Math.max(0, now - Math.max(countedTo, since));
      }
      countedTo = now;
    }
  }

  /** So long nothing begins or ends by chance; between two such moments no time is counted. */
  private double standsAfterMs() {
    return jobs < ENDS_MIN
        ? AGE_MAX_MS
        : Math.clamp(STANDS_ENDS * busyMs / jobs, STANDS_LEAST_MS, AGE_MAX_MS);
  }

  /** As it is now; empty where too little is known. */
  public Optional<Pace> pace(long now) {
    count(now);
    boolean known = jobs >= ENDS_MIN && tokens > 0 && busyMs > 0 && now - seenAt <= AGE_MAX_MS;
    return known
        ? Optional.of(
            new Pace(1000 * jobs / busyMs, 1000 * tokens / busyMs, jobs, slots, speed.variation()))
        : Optional.empty();
  }

  /**
   * Whether it stood still after this moment. A wait that began before says something of that, and
   * nothing of the forecasts to come.
   */
  public boolean stoodSince(long then) {
    return then <= stoodAt;
  }

  /** Whether nobody waits, and fewer run than lately could. */
  public boolean isFree(long now) {
    return waiting == 0 && running <= slots - 1 && now - seenAt <= AGE_MAX_MS;
  }
}
