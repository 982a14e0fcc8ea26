package io.sluice.gateway.upkeep;

import io.sluice.Cached;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobStore;
import io.sluice.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Ends the jobs that nobody else will end. After a start, and whenever the store was away, it holds
 * still for two leases: workers need that long to renew what they hold, or to bring their results.
 */
public final class DueSweep {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int JOBS_MAX = 500;

  private final JobStore store;
  private final JobListener listener;
  private final InstantSource clock;
  private final Duration hold;
  private boolean away = true;
  private Instant heldUntil = Instant.MIN;

  public DueSweep(JobStore store, JobListener listener, InstantSource clock, Duration hold) {
    this.store = store;
    this.listener = listener;
    this.clock = clock;
    this.hold = hold;
  }

  public Repeated repeated() {
    return new Repeated("due-sweep", PAUSE, this::round);
  }

  void round() throws InterruptedException {
    try {
      if (away) {
        comeBack();
      }
      if (!clock.instant().isBefore(heldUntil)) {
        sweep();
      }
    } catch (Unavailable e) {
      away = true;
      throw e;
    }
  }

  /** Any answer will do: a sweep itself would already end jobs. */
  private void comeBack() throws InterruptedException {
    Answer.of(store.find(JobId.at(clock.instant())));
    away = false;
    heldUntil = clock.instant().plus(hold);
  }

  private void sweep() throws InterruptedException {
    for (JobStore.Ended ended : Answer.of(store.sweep(JOBS_MAX))) {
      listener.ended(ended.id(), ended.state());
      if (ended.savedTokens() > 0) {
        listener.answered(ended.id(), Cached.How.JOINED, ended.savedTokens());
      }
    }
  }
}
