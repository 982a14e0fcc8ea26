package io.sluice;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * The answers that identical jobs share. It is filled and used in the steps that move a job: {@link
 * Admission#admit} answers a job at once ({@link Admission.Decision.Answered}), {@link
 * Leases#claim} lets it wait or answers it, {@link Leases#finish} keeps an answer and gives it to
 * those that wait. So there is no moment in which a crash could lose a job: one that waits for
 * another's answer is in the queue like any other, and runs when its turn comes and nobody else
 * does.
 *
 * <p>A cache: answers may go at any time, and a store that loses everything loses them too.
 */
public interface AnswerCache {
  /** Whether a job would be answered at once if it were admitted now. */
  Future<Boolean> holds(Sharing sharing);

  /** What is kept now; answers that have ended may be counted until the next one is kept. */
  Future<Size> size();

  /**
   * Forgets answers.
   *
   * @param tenant those of one tenant's jobs; all without it
   * @return how many were forgotten
   */
  Future<Integer> forget(Optional<String> tenant);

  /** How much it is. */
  record Size(long entries, long bytes) {}
}
