package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * Which process does what one alone should do. A hint, not a lock: for a moment two may both think
 * that they hold an office, or nobody may hold it, so what the holder does must be harmless twice.
 */
public interface Elections {
  /**
   * Takes the office if nobody holds it, or keeps it if the candidate does, for {@code term} from
   * now.
   *
   * @return whether the candidate holds it
   */
  Future<Boolean> stand(String office, String candidate, Duration term);

  /** Gives the office up, if the candidate holds it, so that another need not wait for its end. */
  Future<Void> resign(String office, String candidate);
}
