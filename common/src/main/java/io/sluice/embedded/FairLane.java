package io.sluice.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** What is known of one lane. Times in ms. */
final class FairLane {
  private static final double UNKNOWN_MEAN = 1000;
  private static final double MEAN_KEPT = 0.8;
  private static final long FIRST_COOLING = 250;
  private static final long LONGEST_COOLING = 5_000;

  /** Service that it got, in virtual tokens for each unit of weight. */
  double counter;

  /** Whether something may wait in it. */
  boolean isIndexed;

  long dueAt;
  long offeredStamp;
  private long passedStamp;
  private boolean passes;

  /** Whether it was leased to one tenant. */
  boolean isOwn;

  /** Its last turn, or its entry into the index if that is later. */
  long waitsSince;

  /** Tenants known to wait in it, with their weights; one at most in a lane of one's own. */
  final Map<String, Integer> tenants = new HashMap<>();

  /** In a shared lane: what of each tenant was offered and not yet pulled. */
  private final Map<String, Integer> waiting = new HashMap<>();

  OptionalInt runningMax = OptionalInt.empty();
  private double mean = Double.NaN;
  private long cooling;

  double weight() {
    return Math.max(1, tenants.values().stream().mapToInt(Integer::intValue).sum());
  }

  /** One more job of a tenant waits in this shared lane. */
  void share(String tenant, int weight) {
    tenants.put(tenant, weight);
    waiting.merge(tenant, 1, Integer::sum);
  }

  /** One was pulled; a tenant that has nothing left in a shared lane weighs there no more. */
  void pulled(String tenant) {
    if (waiting.containsKey(tenant)
        && waiting.computeIfPresent(tenant, (same, jobs) -> jobs > 1 ? jobs - 1 : null) == null) {
      tenants.remove(tenant);
    }
  }

  /** With the offer that is just made it passes to another tenant, who owes nothing. */
  void pass(double least) {
    counter = least;
    passes = true;
  }

  /** Whether several share it, or it is this one's. */
  boolean isSharedOr(String tenant) {
    return !isOwn || tenants.containsKey(tenant);
  }

  /** Whether it has the tenant for which that turn was given: nobody pays for the one before. */
  boolean isStill(long turnStamp) {
    return turnStamp > passedStamp;
  }

  /** Nobody shares it any more. */
  void leaveAll() {
    tenants.clear();
    waiting.clear();
  }

  void serve(double amount) {
    counter = Math.max(0, counter + amount / weight());
  }

  /** What its next turn probably costs. */
  long expected() {
    return (long) Math.floor((Double.isNaN(mean) ? UNKNOWN_MEAN : mean) + 0.5);
  }

  void learn(long estimate) {
    mean = Double.isNaN(mean) ? estimate : MEAN_KEPT * mean + (1 - MEAN_KEPT) * estimate;
  }

  void warm() {
    cooling = 0;
  }

  void offered(long stamp) {
    dueAt = 0;
    cooling = 0;
    offeredStamp = stamp;
    passedStamp = passes ? stamp : passedStamp;
    passes = false;
  }

  /** It was empty; false if it would cool too long. */
  boolean cool(long now) {
    long longer = cooling == 0 ? FIRST_COOLING : 2 * cooling;
    if (longer > LONGEST_COOLING) {
      return false;
    }
    cooling = longer;
    dueAt = now + cooling;
    return true;
  }

  void coolAtMost(long now) {
    if (!cool(now)) {
      cooling = LONGEST_COOLING;
      dueAt = now + cooling;
    }
  }
}
