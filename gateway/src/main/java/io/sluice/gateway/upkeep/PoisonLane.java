package io.sluice.gateway.upkeep;

import io.sluice.Delivery;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobQueue;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.Lane;
import io.sluice.Output;
import io.sluice.Recovery;
import io.sluice.Usage;
import java.time.Duration;
import java.util.Optional;

/**
 * Empties the lane of messages that were handed out too often: first the record of each is ended as
 * failed, then the message is laid aside for a person.
 */
public final class PoisonLane {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int MESSAGES_MAX = 100;
  private static final String REASON = "Workers were lost under it again and again.";

  private final JobQueue queue;
  private final JobStore store;
  private final Recovery recovery;
  private final JobListener listener;

  /** In hand since a round that failed: it may only be settled once its record has ended. */
  private Optional<Delivery> held = Optional.empty();

  public PoisonLane(JobQueue queue, JobStore store, Recovery recovery, JobListener listener) {
    this.queue = queue;
    this.store = store;
    this.recovery = recovery;
    this.listener = listener;
  }

  public Repeated repeated() {
    return new Repeated("poison-lane", PAUSE, this::round);
  }

  void round() throws InterruptedException {
    for (int i = 0; i < MESSAGES_MAX; i++) {
      if (held.isEmpty()) {
        held = Answer.of(queue.pull(Lane.Aside.POISON));
      }
      if (held.isEmpty()) {
        return;
      }
      end(held.get());
    }
  }

  private void end(Delivery delivery) throws InterruptedException {
    JobId id = delivery.message().job().id();
    Failure why = new Failure(FailureCode.POISON, REASON);
    // The walk over the lanes does not come here: a record that the store lost is brought back
    // first.
    Answer.of(recovery.restore(delivery.message()));
    if (Answer.of(store.end(id, new Ending.Failed(why, Output.NONE, Usage.NONE)))) {
      listener.ended(id, JobState.FAILED);
    }
    // Settles only once, whatever comes of it: if it fails the message comes back to the lane.
    held = Optional.empty();
    Answer.of(delivery.dead("poison: handed out too often without being settled"));
  }
}
