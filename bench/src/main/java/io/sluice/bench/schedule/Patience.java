package io.sluice.bench.schedule;

import io.sluice.Lane;
import io.sluice.embedded.FairLanes;
import java.util.HashMap;
import java.util.Map;

/**
 * How long lanes with jobs wait for a turn, and how many turns others get once a lane has waited
 * for as long as ageing allows: no more than four for each lane, as every fourth turn goes by age.
 */
final class Patience {
  private final Map<Lane, Long> since = new HashMap<>();

  /** Turns that others got since a lane came of age. */
  private final Map<Lane, Integer> overtaken = new HashMap<>();

  private long longestMs;
  private int overtakenMost;
  private int aged;

  void waits(Lane lane, long nowMs) {
    since.put(lane, nowMs);
  }

  void served(Lane lane, boolean waitsOn, long nowMs) {
    long waited = nowMs - since.getOrDefault(lane, nowMs);
    longestMs = Math.max(longestMs, waited);
    aged += waited >= FairLanes.AGEING.toMillis() ? 1 : 0;
    since.remove(lane);
    overtakenMost = Math.max(overtakenMost, overtaken.getOrDefault(lane, 0));
    overtaken.remove(lane);
    since.forEach(
        (other, from) -> {
          if (nowMs - from >= FairLanes.AGEING.toMillis()) {
            overtaken.merge(other, 1, Integer::sum);
          }
        });
    if (waitsOn) {
      since.put(lane, nowMs);
    }
  }

  long longestMs() {
    return longestMs;
  }

  /** The most turns that others got before a lane that had waited for 60 s. */
  int overtakenMost() {
    return overtakenMost;
  }

  /** How many turns came by age. */
  int aged() {
    return aged;
  }
}
