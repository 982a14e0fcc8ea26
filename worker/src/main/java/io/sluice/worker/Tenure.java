package io.sluice.worker;

import io.sluice.JobEvents;
import io.sluice.JobMessage;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
import io.sluice.Leases.Lease;
import io.sluice.Leases.Renewal;
import io.sluice.worker.Outcome.Stop;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The hold on a job during one attempt: its lease, which is claimed anew when the store lost the
 * record, and what others want of the attempt. Answers come in on any thread; one that was given to
 * a lease from before is not heard.
 */
final class Tenure {
  private final Leases leases;
  private final Patience patience;
  private final JobMessage message;
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

  // Guarded by this.
  private Lease lease;
  private boolean gone;
  private Optional<Stop> stop = Optional.empty();

  Tenure(Leases leases, Patience patience, JobMessage message, Lease lease) {
    this.leases = leases;
    this.patience = patience;
    this.message = message;
    this.lease = lease;
  }

  synchronized Lease lease() {
    return lease;
  }

  /** Whether, and why, the attempt is to stop. */
  synchronized Optional<Stop> stopped() {
    return stop;
  }

  boolean isFenced() {
    return stopped().filter(Stop.FENCED::equals).isPresent();
  }

  /** Whether the store has lost the record, and {@link #reclaim} is due. */
  synchronized boolean isGone() {
    return gone;
  }

  /** Calls {@code watcher} whenever one of the answers above changed; it must not block. */
  void watch(Runnable watcher) {
    watchers.add(watcher);
    watcher.run();
  }

  /** Asks the attempt to stop. Being fenced overrules, since then nothing may be written. */
  void stop(Stop why) {
    synchronized (this) {
      if (stop.isPresent() && why != Stop.FENCED) {
        return;
      }
      stop = Optional.of(why);
    }
    watchers.forEach(Runnable::run);
  }

  void answered(Lease asked, Renewal answer) {
    switch (answer) {
      case RENEWED -> {}
      case CANCELLING -> stop(Stop.CANCELLED);
      case FENCED -> {
        if (asked.equals(lease())) {
          stop(Stop.FENCED);
        }
      }
      case GONE -> gone(asked);
    }
  }

  void answered(Lease asked, JobEvents.Append answer) {
    answered(
        asked,
        switch (answer) {
          case STORED -> Renewal.RENEWED;
          case CANCELLING -> Renewal.CANCELLING;
          case FENCED -> Renewal.FENCED;
          case GONE -> Renewal.GONE;
        });
  }

  void gone(Lease asked) {
    synchronized (this) {
      if (!asked.equals(lease)) {
        return;
      }
      gone = true;
    }
    watchers.forEach(Runnable::run);
  }

  /**
   * Claims the job anew, as somebody who still has its text; the store then restores the record
   * from the message. Any answer but a grant means that the job went on without this attempt.
   */
  boolean reclaim() {
    Leases.Request request =
        new Leases.Request(message, lease().worker(), UUID.randomUUID().toString(), true);
    if (patience.until(() -> leases.claim(request)) instanceof Claim.Granted granted) {
      renew(granted.lease());
      return true;
    }
    stop(Stop.FENCED);
    return false;
  }

  private synchronized void renew(Lease next) {
    lease = next;
    gone = false;
  }
}
