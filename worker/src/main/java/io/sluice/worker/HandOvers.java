package io.sluice.worker;

import io.sluice.Conversation;
import io.sluice.Delivery;
import io.sluice.HandOver;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobListener.Warmth;
import io.sluice.JobMessage;
import io.sluice.JobQueue.Publish;
import io.sluice.Lane;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import io.sluice.Unavailable;
import io.sluice.WarmSessions.Host;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives turns of conversations to the worker that has them warm: once, and for no longer than they
 * would take to read here. The message is in the other's lane before it is gone from this hand, and
 * comes back from there by itself.
 *
 * <p>A worker has no more of them away than it has slots. What comes back goes before all ready
 * lanes, so that a flood of turns of one conversation would else go before all other tenants.
 */
final class HandOvers {
  private static final Logger LOG = LoggerFactory.getLogger(HandOvers.class);

  /** Less is spared than the way to the other worker costs. */
  private static final Duration SAVED_LEAST = Duration.ofMillis(100);

  /** From the end of a wait until the message is where it comes back to. */
  private static final Duration WAY_BACK = Duration.ofMillis(100);

  private final WorkerPorts ports;
  private final String worker;
  private final Lifecycle life;
  private final Parking away;

  /**
   * @param away the places for turns that may come back
   */
  HandOvers(WorkerPorts ports, String worker, Lifecycle life, Parking away) {
    this.ports = ports;
    this.worker = worker;
    this.life = life;
    this.away = away;
  }

  /** A turn was answered at this engine, which the fleet is to know. Nobody waits for that. */
  void served(Job job, Engine engine) {
    Conversation.of(job)
        .filter(it -> engine.cache().tokens(it) > 0)
        .ifPresent(
            it ->
                ports
                    .warmSessions()
                    .served(it, worker, engine.cache().tokens(it))
                    .onFailure(e -> LOG.debug("{} was not told: {}", job.id(), e.getMessage())));
  }

  /**
   * Hands over a turn that is cold here, where that pays.
   *
   * @param turn that it was pulled with
   * @param here where it would run
   * @return {@link Warmth#HANDED} where another message stands for the job, which is to be dropped
   */
  Warmth offer(Delivery delivery, Conversation conversation, Turn turn, Engine here) {
    JobMessage message = delivery.message();
    if (message.handOver().isPresent()) {
      return Warmth.MISSED;
    }
    try {
      return Await.answer(ports.warmSessions().find(conversation))
          .filter(host -> !host.worker().equals(worker))
          .map(host -> mayGo(delivery) && hand(message, turn, host, here))
          .map(handed -> handed ? Warmth.HANDED : Warmth.MISSED)
          .orElse(Warmth.NEW);
    } catch (Unavailable e) {
      LOG.debug("{} stays here: {}", message.job().id(), e.getMessage());
      return Warmth.NEW;
    }
  }

  /** A batch is in no hurry; and what may have run before is not sent around. */
  private static boolean mayGo(Delivery delivery) {
    JobMessage message = delivery.message();
    return message.job().jobClass() == JobClass.INTERACTIVE
        && message.attempt() == 0
        && !delivery.redelivered();
  }

  private boolean hand(JobMessage message, Turn turn, Host host, Engine here) {
    int tokens = Math.min(host.tokens(), message.job().promptTokens());
    Duration within = atMost(here.pace().saved(tokens).orElse(Duration.ZERO));
    boolean pays =
        within.compareTo(SAVED_LEAST) >= 0
            && host.expectedWait().filter(wait -> wait.compareTo(within) < 0).isPresent();
    if (!pays || !away.enter()) {
      return false;
    }
    boolean gone = false;
    try {
      gone = put(message.handedOver(new HandOver(turn, within)), host, within);
    } finally {
      if (!gone) {
        away.leave();
      }
    }
    if (gone) {
      awaitReturn(message.job(), within);
    }
    return gone;
  }

  private boolean put(JobMessage marked, Host host, Duration within) {
    if (!Await.answer(ports.warmLanes().reserve(host.lane(), within))) {
      return false;
    }
    Publish stored = Await.answer(ports.queue().publish(new Lane.Warm(host.lane()), marked));
    if (stored != Publish.CONFIRMED) {
      // Where nobody knows, there may be two messages; whoever claims second finds that out.
      return false;
    }
    ports.warmLanes().handed(host.worker());
    return true;
  }

  private static Duration atMost(Duration saved) {
    return saved.compareTo(Lane.Warm.WAIT_MOST) < 0 ? saved : Lane.Warm.WAIT_MOST;
  }

  /** If it comes back, nobody else says so; the order looks for it within 5 s even if this dies. */
  private void awaitReturn(Job job, Duration within) {
    Lane retry = new Lane.Retry(job.pool(), job.jobClass());
    Thread.ofVirtual()
        .name("return " + job.id())
        .start(
            () -> {
              boolean goesOn = life.restUntilClosed(within.plus(WAY_BACK));
              away.leave();
              if (goesOn) {
                ports.lanes().offered(retry, Share.UNKNOWN);
              }
            });
  }
}
