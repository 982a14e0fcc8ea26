package io.sluice;

import java.time.Duration;

/**
 * That a job may share its answer with identical ones: be answered by what one of them got, wait
 * for one that runs, and leave its own for those that come later. Only whole answers are shared, of
 * jobs that {@link JobState#COMPLETED completed}.
 *
 * @param key the same for jobs that may share, and for no others: 64 hexadecimal digits
 * @param oldest how old an answer may be that it takes, by the store's clock; zero if it has to run
 *     itself, whatever is known
 * @param terms how its own answer is kept
 */
public record Sharing(String key, Duration oldest, Terms terms) {
  /** An answer that takes more than this, in the form in which it is stored, is not kept. */
  public static final int ANSWER_BYTES_MAX = 256 * 1024;

  /** Of the jobs that wait for one answer, so many are known at most; others look when pulled. */
  public static final int WAITING_MAX = 10_000;

  /** So long before its {@code start_by} a job waits for nobody any more. */
  public static final Duration LAST_CALL = Duration.ofSeconds(15);

  /**
   * For so long after one of them failed, or reached its output limit, jobs with that key do not
   * wait for each other: each would only find the same, one after the other.
   */
  public static final Duration APART = Duration.ofMinutes(10);

  /** What every answer takes besides its own bytes, for the bound on all together. */
  public static final int OVERHEAD_BYTES = 256;

  public static final String KEY_FORM = "[0-9a-f]{64}";

  public Sharing {
    if (!key.matches(KEY_FORM)) {
      throw new IllegalArgumentException("no key of an answer: it must match " + KEY_FORM);
    }
    if (oldest.isNegative()) {
      throw new IllegalArgumentException("no answer is younger than none");
    }
  }

  /** Whether it takes another job's answer at all. */
  public boolean takes() {
    return oldest.isPositive();
  }

  /**
   * How answers are kept.
   *
   * @param age how long; at least a second
   * @param entriesMax how many of all jobs together; what was to be kept the shortest goes first
   * @param bytesMax the same in bytes
   */
  public record Terms(Duration age, int entriesMax, long bytesMax) {
    public Terms {
      if (age.toSeconds() < 1 || entriesMax < 1 || bytesMax < 1) {
        throw new IllegalArgumentException("the terms of answers keep none");
      }
    }
  }
}
