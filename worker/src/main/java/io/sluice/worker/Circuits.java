package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobListener;
import io.sluice.Pool;
import io.sluice.worker.Circuit.State;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The circuits of one engine, one for each pool. All are open at first. Safe from any thread. */
final class Circuits {
  private static final Logger LOG = LoggerFactory.getLogger(Circuits.class);

  private final JobListener listener;

  // Guarded by this.
  private final Map<Pool, Circuit> all = new TreeMap<>(Comparator.comparing(Pool::toString));

  Circuits(String engine, Collection<Pool> pools, JobListener listener) {
    this.listener = listener;
    pools.forEach(pool -> all.put(pool, new Circuit(engine, pool, State.OPEN, Optional.empty())));
  }

  synchronized List<Circuit> all() {
    return List.copyOf(all.values());
  }

  /** The pools that jobs are pulled for. */
  synchronized Set<Pool> closed() {
    return all.values().stream()
        .filter(Circuit::isClosed)
        .map(Circuit::pool)
        .collect(Collectors.toUnmodifiableSet());
  }

  synchronized boolean isClosed(Pool pool) {
    return all.containsKey(pool) && all.get(pool).isClosed();
  }

  /** All are to be proven anew, for no reason of theirs; those that were closed. */
  synchronized Set<Pool> openAll() {
    Set<Pool> closed = closed();
    closed.forEach(pool -> all.put(pool, all.get(pool).becomes(State.OPEN)));
    return closed;
  }

  synchronized void halfOpen(Pool pool) {
    all.put(pool, all.get(pool).becomes(State.HALF_OPEN));
  }

  /** What is half open waits for its next probe, which the worker does not make now. */
  synchronized void waits(Pool pool) {
    all.put(pool, all.get(pool).becomes(State.OPEN));
  }

  /** Half open still, with something that takes longer than a probe. */
  synchronized void stillHalfOpen(Pool pool, Failure why) {
    Circuit now = all.get(pool);
    all.put(pool, new Circuit(now.engine(), pool, State.HALF_OPEN, Optional.of(why)));
  }

  void close(Pool pool) {
    Circuit now;
    synchronized (this) {
      now = all.get(pool).becomes(State.CLOSED);
      all.put(pool, now);
    }
    LOG.info("{} is served by {}", pool, now.engine());
  }

  /** Opens what a job met; false where it was not closed. */
  boolean trip(Pool pool, Failure why) {
    Circuit before;
    synchronized (this) {
      before = all.get(pool);
      if (!before.isClosed()) {
        return false;
      }
      all.put(pool, before.opens(why));
    }
    tell(before, why);
    return true;
  }

  /** Opens what a probe left half open. */
  void open(Pool pool, Failure why) {
    Circuit before;
    synchronized (this) {
      before = all.get(pool);
      all.put(pool, before.opens(why));
    }
    tell(before, why);
  }

  /** A reason is logged once, not at every probe. */
  private void tell(Circuit before, Failure why) {
    listener.unserved(before.engine(), before.pool(), why);
    Optional<FailureCode> told = before.why().map(Failure::code);
    if (told.filter(why.code()::equals).isEmpty()) {
      LOG.warn(
          "{} is not served by {} until a probe passes: {}: {}",
          before.pool(),
          before.engine(),
          why.code(),
          why.message());
    }
  }
}
