package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The attempts that run side by side at one model server, and which of them answers for it when it
 * is lost under them: one. The others did nothing but be there, and are tried again at no cost.
 * Safe from any thread.
 */
final class Company {
  /** An engine that died under several tells each of them at once, but not in the same moment. */
  private static final Duration SETTLE = Duration.ofMillis(200);

  private static final Duration LOOK_UP = Duration.ofMillis(100);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  // Guarded by the lock.
  private final Set<Member> members = new HashSet<>();
  private final Map<Pool, Long> lastPieces = new HashMap<>();
  private final Set<Pool> reserved = new HashSet<>();

  /**
   * One more attempt. A job on its last chance waits until the others of its pool are over, and
   * those that come later wait for it; all until {@code goOn} gives up, which leaves them members.
   *
   * @param stop stops the attempt; must not block
   * @param goOn whether it is worth waiting
   */
  Member join(Pool pool, Standing standing, Runnable stop, BooleanSupplier goOn) {
    lock.lock();
    try {
      awaitWhile(() -> reserved.contains(pool), goOn);
      boolean alone = standing == Standing.LAST_CHANCE && reserved.add(pool);
      if (alone) {
        awaitWhile(() -> !of(pool).isEmpty(), goOn);
      }
      Member member = new Member(pool, standing.isSuspect(), alone, stop);
      members.add(member);
      return member;
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  /** The lock is held. */
  private void awaitWhile(BooleanSupplier held, BooleanSupplier goOn) throws InterruptedException {
    while (held.getAsBoolean() && goOn.getAsBoolean()) {
      moved.awaitNanos(LOOK_UP.toNanos());
    }
  }

  /**
   * Stops every attempt of a pool that has not failed yet: its model is about to be taken from
   * under them.
   */
  void stopAll(Pool pool, Failure why) {
    lock.lock();
    try {
      Incident incident = new Incident(why);
      of(pool).stream().filter(each -> !each.failed).forEach(each -> each.strike(incident, true));
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no attempt of a pool is left, at most for so long. */
  void awaitNone(Pool pool, Duration within) {
    long left = within.toNanos();
    lock.lock();
    try {
      while (left > 0 && !of(pool).isEmpty()) {
        left = moved.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      throw Await.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  /** Whether an attempt of another pool uses the same model here. */
  boolean shares(Pool pool) {
    lock.lock();
    try {
      return members.stream()
          .anyMatch(each -> !each.pool.equals(pool) && each.pool.model().equals(pool.model()));
    } finally {
      lock.unlock();
    }
  }

  /** Whether any attempt of the pool got a piece within this time. */
  boolean spoke(Pool pool, Duration within) {
    lock.lock();
    try {
      Long last = lastPieces.get(pool);
      return last != null && System.nanoTime() - last < within.toNanos();
    } finally {
      lock.unlock();
    }
  }

  private List<Member> of(Pool pool) {
    return members.stream().filter(each -> each.pool.equals(pool)).toList();
  }

  /** What befell all attempts of a pool at once, and who answers for it. */
  private static final class Incident {
    private final Failure why;
    private final long at = System.nanoTime();
    private Optional<Member> culprit = Optional.empty();

    private Incident(Failure why) {
      this.why = why;
    }
  }

  /** One attempt in it. Its methods are called by the thread of the attempt. */
  final class Member implements AutoCloseable {
    private final Pool pool;
    private final boolean suspect;
    private final boolean alone;
    private final Runnable stop;

    private long lastPiece = System.nanoTime();

    // Written under the lock.
    private volatile Optional<Incident> incident = Optional.empty();
    private boolean failed;

    private Member(Pool pool, boolean suspect, boolean alone, Runnable stop) {
      this.pool = pool;
      this.suspect = suspect;
      this.alone = alone;
      this.stop = stop;
    }

    /** The engine sent a piece: it lives, and so does this attempt. */
    void heard() {
      long now = System.nanoTime();
      lock.lock();
      try {
        lastPiece = now;
        lastPieces.put(pool, now);
        incident = incident.filter(it -> now - it.at < SETTLE.toNanos());
      } finally {
        lock.unlock();
      }
    }

    /**
     * It is about to be judged for this; nobody else decides on it from now on.
     *
     * @return whether this says that the engine hangs, and not this attempt alone
     */
    boolean reports(Failure why) {
      lock.lock();
      try {
        failed = true;
        moved.signalAll();
        boolean hangs = isHang(why) && !othersSpeak() && of(pool).size() > 1;
        if (hangs && incident.isEmpty()) {
          // Before the pool is closed: what recovers it then stops the others, and blames nobody.
          strikeOthers(why, otherSuspect().orElse(this), false);
        }
        return hangs;
      } finally {
        lock.unlock();
      }
    }

    /** Whether the engine was lost under it and others. */
    boolean isStruck() {
      return incident.isPresent();
    }

    /**
     * It failed in a way that may be its own doing or the engine's. Stops the others where the
     * engine hangs under all of them; may wait for a moment to see whether it died under all.
     *
     * @return what it is judged by: the same failure, or that it was in bad company
     */
    Failure failed(Failure why) {
      lock.lock();
      try {
        if (incident.isPresent()) {
          return followed(why);
        }
        return isHang(why) ? hangs(why) : dies(why);
      } catch (InterruptedException e) {
        throw Await.interrupted(e);
      } finally {
        lock.unlock();
      }
    }

    /** The same where the pool was out of rotation already, for what another one met. */
    Failure followed(Failure why) {
      lock.lock();
      try {
        return suspect || answers() ? why : lost(why);
      } finally {
        lock.unlock();
      }
    }

    /** Why it was stopped, where it answers for that. */
    Optional<Failure> charge() {
      lock.lock();
      try {
        return answers() ? incident.map(it -> it.why) : Optional.empty();
      } finally {
        lock.unlock();
      }
    }

    /** It is over. */
    @Override
    public void close() {
      lock.lock();
      try {
        members.remove(this);
        if (alone) {
          reserved.remove(pool);
        }
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private boolean answers() {
      return incident.flatMap(it -> it.culprit).filter(it -> it == this).isPresent();
    }

    /** Where others were answered meanwhile, it is this one alone that hangs. */
    private Failure hangs(Failure why) {
      if (othersSpeak()) {
        return why;
      }
      Optional<Member> culprit = otherSuspect();
      strikeOthers(why, culprit.orElse(this), true);
      return culprit.isPresent() ? lost(why) : why;
    }

    /** Only the later half of its silence counts: all fall silent at about the same time. */
    private boolean othersSpeak() {
      return spoke(pool, Duration.ofNanos((System.nanoTime() - lastPiece) / 2));
    }

    private Failure dies(Failure why) throws InterruptedException {
      Optional<Member> other = otherSuspect();
      strikeOthers(why, this, false);
      return other.isPresent() && failsToo(other.get()) ? lost(why) : why;
    }

    private boolean failsToo(Member other) throws InterruptedException {
      long left = SETTLE.toNanos();
      while (left > 0 && !other.failed && members.contains(other)) {
        left = moved.awaitNanos(left);
      }
      return other.failed;
    }

    /** A job that lost an engine before is likelier to have brought down this one. */
    private Optional<Member> otherSuspect() {
      return suspect
          ? Optional.empty()
          : of(pool).stream().filter(each -> each != this && each.suspect).findFirst();
    }

    private void strikeOthers(Failure why, Member culprit, boolean stops) {
      Incident it = new Incident(why);
      it.culprit = Optional.of(culprit);
      of(pool).stream().filter(each -> each != this).forEach(each -> each.strike(it, stops));
    }

    private void strike(Incident next, boolean stops) {
      if (incident.isEmpty()) {
        incident = Optional.of(next);
      }
      if (stops) {
        stop.run();
      }
    }
  }

  private static boolean isHang(Failure why) {
    return why.code() == FailureCode.FIRST_TOKEN_TIMEOUT || why.code() == FailureCode.TOKEN_TIMEOUT;
  }

  /** What befalls an attempt that is not to blame. */
  static Failure lost(Failure why) {
    return new Failure(
        FailureCode.ENGINE_LOST,
        "the model server was lost under this job and others, by " + why.code().wireName());
  }
}
