package io.sluice;

import java.util.ArrayList;
import java.util.List;

/**
 * A limit per minute as the port words it, told in the plainest way: a charge counts while any
 * moment of its half second is less than 60 s old. For comparing stores with; for one thread.
 */
public final class ReferenceWindow {
  private static final long BUCKET_MS = 500;
  private static final long BUCKETS = 121;

  private final long bound;
  private final List<Charge> charges = new ArrayList<>();

  public ReferenceWindow(long bound) {
    this.bound = bound;
  }

  /** What one admission was charged; corrected by its settlement. */
  public static final class Charge {
    private final long bucket;
    private long amount;

    private Charge(long bucket, long amount) {
      this.bucket = bucket;
      this.amount = amount;
    }

    public void settle(long used) {
      amount = used;
    }
  }

  public long spent(long nowMs) {
    return charges.stream()
        .filter(charge -> charge.bucket > nowMs / BUCKET_MS - BUCKETS)
        .mapToLong(charge -> charge.amount)
        .sum();
  }

  public boolean fits(long nowMs, long cost) {
    return spent(nowMs) + cost <= bound;
  }

  public Charge charge(long nowMs, long cost) {
    Charge charge = new Charge(nowMs / BUCKET_MS, cost);
    charges.add(charge);
    return charge;
  }
}
