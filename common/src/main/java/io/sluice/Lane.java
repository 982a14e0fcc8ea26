package io.sluice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A queue that jobs wait in. Lanes are made at start-up and only ever grow in number. */
public sealed interface Lane {
  /** Ready lanes of a pool and class. */
  int NUMBERS = 32;

  /** The last of them, which several tenants share; each other one is leased to one tenant. */
  int SHARED = 4;

  /** The lane's name, unique and stable: {@code ready/qwen3:14b@8k/interactive/0}. */
  String label();

  /** Jobs that wait for their first attempt. */
  record Ready(Pool pool, JobClass jobClass, int number) implements Lane {
    @Override
    public String label() {
      return "ready/" + pool + "/" + jobClass.wireName() + "/" + number;
    }

    /** Whether jobs of several tenants may wait in it. */
    public boolean isShared() {
      return number >= NUMBERS - SHARED;
    }
  }

  /** Jobs that come back for another attempt; pulled before the ready lanes of their class. */
  record Retry(Pool pool, JobClass jobClass) implements Lane {
    @Override
    public String label() {
      return "retry/" + pool + "/" + jobClass.wireName();
    }
  }

  /**
   * Where jobs wait for one worker, whose cache is warm, for as long as their {@link HandOver}
   * says; what it does not pull by then moves to its retry lane. There is no telling whose job is
   * in which.
   */
  record Warm(int number) implements Lane {
    /** Workers that may have one at a time. */
    public static final int NUMBERS = 32;

    /** The longest that a job may wait in one, whatever is saved. */
    public static final Duration WAIT_MOST = Duration.ofSeconds(5);

    @Override
    public String label() {
      return "warm/" + number;
    }
  }

  /** A rung of the ladder that retries climb: after {@code wait} a job moves to its retry lane. */
  enum Delay implements Lane {
    TEN_SECONDS(Duration.ofSeconds(10)),
    ONE_MINUTE(Duration.ofMinutes(1)),
    FIVE_MINUTES(Duration.ofMinutes(5));

    private final Duration wait;

    Delay(Duration wait) {
      this.wait = wait;
    }

    public Duration waits() {
      return wait;
    }

    /** The longest rung that is no longer than {@code after}; the shortest rung if none is. */
    public static Delay atMost(Duration after) {
      Delay best = TEN_SECONDS;
      for (Delay rung : values()) {
        if (rung.wait.compareTo(after) <= 0) {
          best = rung;
        }
      }
      return best;
    }

    @Override
    public String label() {
      return "delay/" + wait.toSeconds() + "s";
    }
  }

  /** Where messages end up that must not run again. */
  enum Aside implements Lane {
    /** Handed out too often without being settled; waits for its record to be ended as failed. */
    POISON,
    /** Kept for a person to look at. */
    DEAD;

    @Override
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The lanes that jobs of this pool wait in, retry lanes first. */
  static List<Lane> of(Pool pool) {
    List<Lane> lanes = new ArrayList<>();
    for (JobClass jobClass : JobClass.values()) {
      lanes.add(new Retry(pool, jobClass));
    }
    for (JobClass jobClass : JobClass.values()) {
      for (int number = 0; number < NUMBERS; number++) {
        lanes.add(new Ready(pool, jobClass, number));
      }
    }
    return List.copyOf(lanes);
  }

  /** The number of the shared lane for the jobs of a tenant that has none of its own. */
  static int shared(String tenant) {
    return NUMBERS - SHARED + Math.floorMod(tenant.hashCode(), SHARED);
  }

  /** Where a job waits for its first attempt: where it came in, or among others if nobody knows. */
  static Ready home(Job job, Optional<Ticket> ticket) {
    int number = ticket.map(Ticket::lane).orElseGet(() -> shared(job.tenant()));
    return new Ready(job.pool(), job.jobClass(), number);
  }
}
