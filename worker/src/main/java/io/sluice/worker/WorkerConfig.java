package io.sluice.worker;

import io.sluice.Leases;
import io.sluice.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The settings of one worker.
 *
 * @param worker the id of this process, unlike that of any other worker; 1 to 64 characters
 * @param pools what it serves; at least one
 * @param thinkingTokens an answer that thinks for more of them is given up; positive
 * @param continues whether an attempt goes on with the answer that one before it began, where the
 *     job and the model server allow it
 */
public record WorkerConfig(
    String worker,
    Set<Pool> pools,
    Deadlines deadlines,
    Pace pace,
    int thinkingTokens,
    boolean continues) {
  /** The native context of Qwen3: thinking that fills it has no room left for an answer. */
  public static final int THINKING_TOKENS = 32_768;

  public WorkerConfig {
    pools = Set.copyOf(pools);
    List<String> problems = new ArrayList<>();
    if (worker.isBlank() || worker.length() > 64) {
      problems.add("worker id: 1 to 64 characters, not '" + worker + "'");
    }
    if (thinkingTokens < 1) {
      problems.add("thinking tokens: " + thinkingTokens + " is not positive");
    }
    if (pools.isEmpty()) {
      problems.add("pools: at least one");
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** A worker with the default deadlines and pace. */
  public static WorkerConfig of(String worker, Set<Pool> pools) {
    return new WorkerConfig(worker, pools, Deadlines.DEFAULT, Pace.DEFAULT, THINKING_TOKENS, false);
  }

  public WorkerConfig with(Deadlines other) {
    return new WorkerConfig(worker, pools, other, pace, thinkingTokens, continues);
  }

  public WorkerConfig with(Pace other) {
    return new WorkerConfig(worker, pools, deadlines, other, thinkingTokens, continues);
  }

  public WorkerConfig thinkingTokens(int most) {
    return new WorkerConfig(worker, pools, deadlines, pace, most, continues);
  }

  public WorkerConfig continues(boolean whether) {
    return new WorkerConfig(worker, pools, deadlines, pace, thinkingTokens, whether);
  }

  /**
   * How long the worker waits for the model server, and for its own end. An attempt as a whole has
   * the deadline of its job.
   *
   * @param firstToken from the request to the first piece; defaults to 120 s
   * @param betweenTokens the longest silence after the first piece; defaults to 120 s
   * @param drain for running jobs to finish once the worker is told to stop; defaults to 130 s, the
   *     default attempt and a little more
   * @param giveBack for giving back what did not finish by then; defaults to 10 s
   */
  public record Deadlines(
      Duration firstToken, Duration betweenTokens, Duration drain, Duration giveBack) {
    public static final Deadlines DEFAULT =
        new Deadlines(
            Duration.ofSeconds(120),
            Duration.ofSeconds(120),
            Duration.ofSeconds(130),
            Duration.ofSeconds(10));

    public Deadlines {
      positive("first token", firstToken);
      positive("between tokens", betweenTokens);
      positive("drain", drain);
      positive("give back", giveBack);
    }
  }

  /**
   * The rhythm of what the worker does by itself.
   *
   * @param renewal between renewals of a lease, which also bring the wish to cancel; defaults to 3
   *     s, at most a third of {@link Leases#LENGTH}
   * @param idleLook between looks for work when nothing is due and nobody wakes it; defaults to 1 s
   * @param parkAtMost waits up to this are sat out with the message in hand, longer ones go to the
   *     retry ladder; defaults to 5 s
   * @param flush text is gathered this long, or to {@link TokenLog#FLUSH_CHARS}, after the first
   *     piece, which is sent at once; defaults to 40 ms
   * @param probeFirst the wait after a first failed probe of the model server; defaults to 1 s
   * @param probeMost the wait doubles up to this; defaults to 15 s
   */
  public record Pace(
      Duration renewal,
      Duration idleLook,
      Duration parkAtMost,
      Duration flush,
      Duration probeFirst,
      Duration probeMost) {
    public static final Pace DEFAULT =
        new Pace(
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofMillis(40),
            Duration.ofSeconds(1),
            Duration.ofSeconds(15));

    public Pace {
      positive("renewal", renewal);
      positive("idle look", idleLook);
      positive("park at most", parkAtMost);
      positive("flush", flush);
      positive("first probe", probeFirst);
      if (renewal.multipliedBy(3).compareTo(Leases.LENGTH) > 0) {
        throw new IllegalArgumentException(
            "renewal: " + renewal + " is more than a third of a lease, " + Leases.LENGTH);
      }
      if (probeMost.compareTo(probeFirst) < 0) {
        throw new IllegalArgumentException("probes: " + probeMost + " is under " + probeFirst);
      }
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " is not above zero");
    }
  }
}
