package io.sluice;

import java.util.Optional;

/**
 * What travels through the queue: the whole job, so that the store may lose everything.
 *
 * @param attempt how many attempts had been started when the message was published; only used to
 *     bring back a lost record, the store's own count is the truth
 * @param handOver where a worker gave it to another one
 */
public record JobMessage(Job job, int attempt, Optional<HandOver> handOver) {
  public JobMessage(Job job, int attempt) {
    this(job, attempt, Optional.empty());
  }

  public JobMessage handedOver(HandOver how) {
    return new JobMessage(job, attempt, Optional.of(how));
  }
}
