package io.sluice.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How many requests a model server should get at a time, by additive increase and multiplicative
 * decrease: trouble halves the number, and time without trouble at full use raises it by one. The
 * number at which trouble came last is tried again only after a much longer time, which doubles
 * where trouble comes back after that, and not while it lasts, since one time out of memory costs
 * everything that runs and a load of the model. Decides, and does nothing; not safe for several
 * threads.
 */
final class AimdLimit {
  /** Trouble within this time of the last lowering belongs to the same incident. */
  static final Duration INCIDENT = Duration.ofSeconds(15);

  /** Without trouble for so long, one more is tried, as long as that is known to go well. */
  static final Duration CALM = Duration.ofMinutes(1);

  /** The same, where the last trouble came at that number or below. */
  static final Duration CALM_AFTER_TROUBLE = Duration.ofMinutes(10);

  /** What that doubles up to. */
  static final Duration CALM_MOST = Duration.ofHours(2);

  private final InstantSource clock;
  private int most;
  private int limit;
  private int troubledAt = Integer.MAX_VALUE;
  private Instant calmSince;
  private Instant loweredAt = Instant.EPOCH;
  private boolean raised;
  private Duration patience = CALM_AFTER_TROUBLE;
  private int endedAtFullUse;

  /**
   * @param most what the number begins with, and is never more than; positive
   */
  AimdLimit(int most, InstantSource clock) {
    this.clock = clock;
    this.most = most;
    this.limit = most;
    this.calmSince = clock.instant();
  }

  /** The number now; between 1 and {@link #most}. */
  int limit() {
    return limit;
  }

  int most() {
    return most;
  }

  /** There is a better number to begin with, and never to exceed: what came before is forgotten. */
  void begin(int other) {
    most = other;
    limit = other;
    troubledAt = Integer.MAX_VALUE;
  }

  /**
   * The server was in trouble.
   *
   * @return whether the number is lower now
   */
  boolean trouble() {
    Instant now = clock.instant();
    Duration apart = Duration.between(loweredAt, now);
    calm(now);
    if (limit == 1 || apart.compareTo(INCIDENT) < 0) {
      return false;
    }
    if (raised) {
      boolean again = apart.compareTo(patience.multipliedBy(2)) < 0;
      patience = again ? min(patience.multipliedBy(2), CALM_MOST) : CALM_AFTER_TROUBLE;
    }
    raised = false;
    loweredAt = now;
    troubledAt = limit;
    limit = limit / 2;
    return true;
  }

  /**
   * A request ended well.
   *
   * @param busy how many there were at the server at its end, with it
   * @return whether the number is higher now
   */
  boolean success(int busy) {
    if (limit == most || busy < limit) {
      return false;
    }
    endedAtFullUse++;
    Instant now = clock.instant();
    Duration needed = limit + 1 < troubledAt ? CALM : patience;
    if (endedAtFullUse < limit || Duration.between(calmSince, now).compareTo(needed) < 0) {
      return false;
    }
    limit++;
    raised = true;
    calm(now);
    return true;
  }

  private void calm(Instant since) {
    calmSince = since;
    endedAtFullUse = 0;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  @Override
  public String toString() {
    return limit + " of " + most;
  }
}
