package io.sluice.worker;

import io.sluice.Embedding;
import io.sluice.JobEvent;
import io.sluice.JobEvents;
import io.sluice.Leases.Lease;
import io.sluice.Output;
import io.sluice.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes what an attempt generates to the log of its job, on a thread of its own: generating never
 * waits for the store. The first piece is sent at once; after it one append is in flight at a time,
 * and what comes meanwhile goes into the next one. While the store is away the text waits here,
 * bounded by {@link #OUTPUT_BYTES_MOST} and {@link #LOGPROB_BYTES_MOST}. When the store lost the
 * record, the job is claimed again and everything so far is appended anew.
 */
final class TokenLog {
  /** The longest output of one attempt. */
  static final int OUTPUT_BYTES_MOST = 1 << 20;

  /**
   * The most that the probabilities of its tokens may take: enough for the 4,096 tokens that are
   * meant where no limit is named, with 20 others for each.
   */
  static final int LOGPROB_BYTES_MOST = 8 << 20;

  /** Text of this length is sent without waiting for more. */
  static final int FLUSH_CHARS = 512;

  private static final int EVENTS_PER_APPEND_MOST = 64;

  private final JobEvents events;
  private final Tenure tenure;
  private final Patience patience;
  private final long flushNanos;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Transcript all = new Transcript();
  private Transcript pending = new Transcript();
  private long pendingSince;
  private boolean finishing;
  private boolean abandoned;
  private int pieces;
  private List<Embedding> vectors = List.of();

  // Owned by the thread that appends.
  private long nextSeq = 1;

  private final Thread writer = Thread.ofVirtual().name("token log").unstarted(this::write);

  TokenLog(JobEvents events, Tenure tenure, Patience patience, Duration flush) {
    this.events = events;
    this.tenure = tenure;
    this.patience = patience;
    this.flushNanos = flush.toNanos();
  }

  void start() {
    tenure.watch(this::wake);
    writer.start();
  }

  /** Takes an event over, at once; false if it would make the output too large. */
  boolean add(JobEvent event) {
    lock.lock();
    try {
      if (!all.holds(event, OUTPUT_BYTES_MOST, LOGPROB_BYTES_MOST)) {
        return false;
      }
      if (pending.isEmpty()) {
        pendingSince = System.nanoTime();
      }
      pieces++;
      all.add(event);
      pending.add(event);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes vectors over, which are written with the end and not before. */
  void add(List<Embedding> made) {
    lock.lock();
    try {
      vectors = made;
    } finally {
      lock.unlock();
    }
  }

  /** Everything so far. */
  Output output() {
    lock.lock();
    try {
      return all.output().with(vectors);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The pieces so far: about as many as tokens, since engines send a piece for each. The count of
   * an attempt that the engine did not live to count itself.
   */
  int pieces() {
    lock.lock();
    try {
      return pieces;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when everything is stored, or nobody wants it any more. May be asked again after the
   * store lost the record once more.
   */
  void finish() {
    lock.lock();
    try {
      finishing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    join();
    write();
  }

  /** Whether any of the text was a thought. */
  boolean thought() {
    lock.lock();
    try {
      return all.thought();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Nobody wants the text any more. Returns when nothing is written any more: a record that is lost
   * meanwhile is not claimed back for it, so that the lease is the last one.
   */
  void abandon() {
    lock.lock();
    try {
      finishing = true;
      abandoned = true;
      pending = new Transcript();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    join();
  }

  private boolean isAbandoned() {
    lock.lock();
    try {
      return abandoned;
    } finally {
      lock.unlock();
    }
  }

  private void join() {
    try {
      writer.join();
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    try {
      boolean more = true;
      while (more && !tenure.isFenced() && !isAbandoned()) {
        more = tenure.isGone() ? restore() : append(next());
      }
    } catch (Unavailable e) {
      // The worker is closed; whoever finishes the job finds the same.
      patience.noticed(e);
    }
  }

  private boolean restore() {
    if (!tenure.reclaim()) {
      return false;
    }
    lock.lock();
    try {
      pending = new Transcript();
      all.events().forEach(pending::add);
    } finally {
      lock.unlock();
    }
    nextSeq = 1;
    return true;
  }

  /** The next events to send, waited for; none if there will be none, or the tenure changed. */
  private List<JobEvent> next() {
    lock.lock();
    try {
      while (!tenure.isFenced() && !tenure.isGone()) {
        long wait = pending.isEmpty() ? Long.MAX_VALUE : untilDue();
        if (finishing || wait <= 0) {
          List<JobEvent> batch = pending.events();
          pending = new Transcript();
          return batch;
        }
        changed.awaitNanos(wait);
      }
      return List.of();
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  private long untilDue() {
    boolean now = nextSeq == 1 || pending.chars() >= FLUSH_CHARS;
    return now ? 0 : flushNanos - (System.nanoTime() - pendingSince);
  }

  /** Whether to go on. */
  private boolean append(List<JobEvent> batch) {
    for (int from = 0; from < batch.size(); from += EVENTS_PER_APPEND_MOST) {
      int to = Math.min(batch.size(), from + EVENTS_PER_APPEND_MOST);
      if (!append(tenure.lease(), batch.subList(from, to))) {
        return true;
      }
    }
    return !batch.isEmpty() || tenure.isGone();
  }

  private boolean append(Lease lease, List<JobEvent> part) {
    long seq = nextSeq;
    JobEvents.Append answer = patience.until(() -> events.append(lease, seq, part));
    tenure.answered(lease, answer);
    boolean stored = answer == JobEvents.Append.STORED || answer == JobEvents.Append.CANCELLING;
    nextSeq += stored ? part.size() : 0;
    return stored;
  }
}
