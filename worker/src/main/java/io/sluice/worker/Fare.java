package io.sluice.worker;

import io.sluice.Cost;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Turn;
import io.sluice.Usage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one pulled message costs the lane that it came from: the estimate when it was claimed, and
 * what was used when it is over. Nobody waits for the answers: a charge that is lost tilts the
 * shares by one job. Used by the thread of its run alone.
 */
final class Fare {
  private static final Logger LOG = LoggerFactory.getLogger(Fare.class);

  private final Fares fares;
  private final Turn turn;
  private final Job job;
  private final long estimate;
  private long used;
  private boolean isCharged;
  private boolean isHandedOver;

  Fare(Fares fares, Turn turn, Job job, long estimate) {
    this.fares = fares;
    this.turn = turn;
    this.job = job;
    this.estimate = estimate;
  }

  /**
   * The message was claimed, whatever the answer. Later claims of the same message cost nothing.
   */
  void claimed() {
    if (!isCharged) {
      isCharged = true;
      charge(new Charge.Pulled(job.tenant(), estimate));
    }
  }

  /** An attempt is over. */
  void spent(Usage usage) {
    used += Cost.of(usage);
    if (usage.completionTokens() > 0) {
      fares.made(job, usage.completionTokens());
    }
  }

  /** The turn that is charged. */
  Turn turn() {
    return turn;
  }

  /** Another worker runs the job, and is charged for this turn. */
  void handedOver() {
    isHandedOver = true;
  }

  /** The message is out of this worker's hands. Once. */
  void over() {
    if (!isHandedOver) {
      claimed();
      charge(new Charge.Ended(job.tenant(), estimate, used));
    }
    if (job.jobClass() == JobClass.BATCH) {
      fares.leaveBatch();
    }
  }

  private void charge(Charge charge) {
    fares
        .order()
        .charge(turn, charge)
        .onFailure(e -> LOG.debug("{} was not charged: {}", job.id(), e.getMessage()));
  }
}
