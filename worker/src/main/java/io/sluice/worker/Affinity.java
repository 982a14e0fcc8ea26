package io.sluice.worker;

import io.sluice.Conversation;
import io.sluice.Job;
import io.sluice.JobListener.Warmth;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which engine of the worker a turn of a conversation runs at: the one that has its prompt in the
 * cache if a slot is free there, or gets free before the wait has cost more than is saved (the rule
 * of Preble, arXiv 2407.00023). A turn that waits has given its slot to others, and holds a place
 * to park instead.
 */
final class Affinity {
  /** However much is saved. */
  private static final Duration WAIT_MOST = Duration.ofSeconds(30);

  private final Engines engines;

  Affinity(Engines engines) {
    this.engines = engines;
  }

  /**
   * Moves a run to where its conversation is warm, where that pays. Waits for it if need be.
   *
   * @return {@link Warmth#NEW} where no engine of the worker has it
   */
  Warmth settle(Job job, Conversation conversation, Seat seat) {
    return warmest(conversation)
        .map(warm -> move(job, conversation, seat, warm))
        .orElse(Warmth.NEW);
  }

  /** The engine that has most of it, of those that serve its pool. */
  private Optional<Engine> warmest(Conversation conversation) {
    return engines.all().stream()
        .filter(each -> each.isOpen(conversation.pool()))
        .filter(each -> each.cache().tokens(conversation) > 0)
        .max(Comparator.comparingInt(each -> each.cache().tokens(conversation)));
  }

  private Warmth move(Job job, Conversation conversation, Seat seat, Engine warm) {
    if (seat.engine() == warm || seat.moveNow(warm)) {
      return Warmth.HIT;
    }
    Duration saved = saved(job, conversation, warm);
    boolean pays = engines.expectedWait(warm).filter(wait -> wait.compareTo(saved) < 0).isPresent();
    boolean waited = pays && seat.moveWithin(warm, saved);
    return waited && seat.hasSlot() && seat.engine() == warm ? Warmth.WAITED : Warmth.MISSED;
  }

  private static Duration saved(Job job, Conversation conversation, Engine warm) {
    int tokens = Math.min(warm.cache().tokens(conversation), job.promptTokens());
    Duration saved = warm.pace().saved(tokens).orElse(Duration.ZERO);
    return saved.compareTo(WAIT_MOST) < 0 ? saved : WAIT_MOST;
  }
}
