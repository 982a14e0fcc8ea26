package io.sluice;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The states of a job, in OpenAI's spelling, and the one table of the moves between them. A
 * terminal state never changes.
 */
public enum JobState {
  /** Accepted and waiting, for its first attempt or for the next one. */
  QUEUED,
  /** A worker holds it. */
  IN_PROGRESS,
  /**
   * Asked to stop while it ran; becomes {@link #CANCELLED} when the engine's slot is free again.
   */
  CANCELLING,
  /** Ended by itself. */
  COMPLETED,
  /** Ended at its output limit; what was generated is kept. */
  INCOMPLETE,
  /** Ended by a {@link Failure}. */
  FAILED,
  /** Ended on request. */
  CANCELLED,
  /** {@code start_by} passed before it ran. */
  EXPIRED;

  private static final Set<JobState> TERMINAL =
      EnumSet.of(COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED);

  public boolean isTerminal() {
    return TERMINAL.contains(this);
  }

  /**
   * Whether a job may go from this state to {@code next}. In progress to in progress is a takeover,
   * after the lease of the first holder has ended.
   */
  public boolean canBecome(JobState next) {
    return switch (this) {
      case QUEUED -> EnumSet.of(IN_PROGRESS, FAILED, CANCELLED, EXPIRED).contains(next);
      case IN_PROGRESS ->
          EnumSet.of(QUEUED, IN_PROGRESS, CANCELLING, COMPLETED, INCOMPLETE, FAILED, CANCELLED)
              .contains(next);
      case CANCELLING -> next == CANCELLED;
      case COMPLETED, INCOMPLETE, FAILED, CANCELLED, EXPIRED -> false;
    };
  }

  /** The name on the wire: {@code in_progress}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static JobState ofWireName(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
