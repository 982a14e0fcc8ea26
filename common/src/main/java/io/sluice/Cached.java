package io.sluice;

import java.util.Locale;
import java.util.Optional;

/**
 * How a job came to an answer that it did not run for (see {@link Sharing}).
 *
 * @param source the job that ran; empty where it is another tenant's
 */
public record Cached(How how, Optional<JobId> source) {
  /** When the answer was there. */
  public enum How {
    /** Before the job came. */
    HIT,
    /** While the job waited. */
    JOINED;

    /** The name on the wire: {@code hit}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
