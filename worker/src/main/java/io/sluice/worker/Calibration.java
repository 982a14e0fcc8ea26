package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import io.sluice.worker.Capacity.Slot;
import io.sluice.worker.SpeedTest.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the number of slots with which a model server makes the most tokens, once, before the first
 * of its pools is served. A failure at some number bounds it from above: no larger one is tried.
 * One that says nothing of the number, as of a server that is being restarted, has it measured
 * anew.
 */
final class Calibration {
  private static final Logger LOG = LoggerFactory.getLogger(Calibration.class);

  /** For all measurements together; each gets its share. */
  static final Duration WITHIN = Duration.ofSeconds(60);

  /** So often at most; a server that is lost each time is lost by what is measured. */
  static final int TRIES_MOST = 3;

  private static final Failure STOPPED =
      new Failure(FailureCode.WORKER_DRAINING, "The worker takes no jobs.");

  private final ModelServer server;
  private final AdaptiveSlots slots;
  private final Lifecycle life;
  private final LongSupplier nanoClock;
  private final ReentrantLock lock = new ReentrantLock();

  private int tries; // guarded by the lock
  private volatile boolean done;
  private volatile SpeedCurve curve = SpeedCurve.UNKNOWN;

  /**
   * @param nanoClock the time that is measured by, as {@link System#nanoTime}
   */
  Calibration(ModelServer server, AdaptiveSlots slots, Lifecycle life, LongSupplier nanoClock) {
    this.server = server;
    this.slots = slots;
    this.life = life;
    this.nanoClock = nanoClock;
  }

  /**
   * Measures, unless that was done before, with every slot in hand; whoever comes meanwhile waits.
   * Begins anew where the worker was paused in the middle of it.
   *
   * @param pool what the server has just proven to serve
   * @param slot waits for a slot of the server; nothing where the worker takes no jobs. The caller
   *     holds none, nor does anybody else who calls this
   * @return why the server must be proven anew; nothing where it is still as it was
   */
  Optional<Failure> finish(Pool pool, Supplier<Optional<Slot>> slot) {
    lock.lock();
    try {
      if (done) {
        return Optional.empty();
      }
      List<Slot> all = take(slots.most(), slot);
      try {
        boolean ready = all.size() == slots.most() && life.isOpen();
        return ready ? measured(pool) : Optional.of(STOPPED);
      } finally {
        all.forEach(Slot::release);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether it need not measure any more. */
  boolean isDone() {
    return done;
  }

  /** What was measured; empty before. */
  SpeedCurve curve() {
    return curve;
  }

  private static List<Slot> take(int count, Supplier<Optional<Slot>> slot) {
    List<Slot> taken = new ArrayList<>();
    Optional<Slot> one = slot.get();
    while (one.isPresent()) {
      taken.add(one.get());
      one = taken.size() < count ? slot.get() : Optional.empty();
    }
    return taken;
  }

  private Optional<Failure> measured(Pool pool) {
    SpeedTest test = new SpeedTest(server, pool, nanoClock, life::isOpen);
    List<Integer> numbers = SpeedCurve.numbers(slots.most());
    Duration each = WITHIN.dividedBy(numbers.size());
    LOG.info(
        "{} is measured with {} requests at a time, within {} s",
        slots.engine(),
        numbers,
        WITHIN.toSeconds());
    curve = SpeedCurve.UNKNOWN;
    Optional<Failure> failed = Optional.empty();
    for (int i = 0; i < numbers.size() && failed.isEmpty(); i++) {
      Reading reading = test.measure(numbers.get(i), each);
      failed = life.isOpen() ? noted(numbers.get(i), reading) : Optional.of(STOPPED);
    }
    if (life.isOpen() && !isWorthAnother(failed)) {
      apply();
      done = true;
    }
    return failed;
  }

  private boolean isWorthAnother(Optional<Failure> failed) {
    tries++;
    return tries < TRIES_MOST && failed.filter(Calibration::saysNothingOfTheNumber).isPresent();
  }

  private static boolean saysNothingOfTheNumber(Failure why) {
    return switch (why.code()) {
      case ENGINE_UNREACHABLE, ENGINE_LOADING, ENGINE_MODEL_MISSING -> true;
      default -> false;
    };
  }

  private Optional<Failure> noted(int requests, Reading reading) {
    return switch (reading) {
      case Reading.Speed(double tokensPerSecond) -> {
        curve = curve.with(requests, tokensPerSecond);
        yield Optional.empty();
      }
      case Reading.Failed(Failure why) -> {
        LOG.warn(
            "{} failed with {} requests at a time: {}: {}",
            slots.engine(),
            requests,
            why.code(),
            why.message());
        yield Optional.of(why);
      }
    };
  }

  private void apply() {
    if (curve.isEmpty()) {
      LOG.warn("{} could not be measured and keeps {} slots", slots.engine(), slots.most());
      return;
    }
    int most = slots.most();
    slots.begin(curve.best());
    LOG.info(
        "{} gets {} requests at a time, of at most {}; tokens a second by their number: {}",
        slots.engine(),
        curve.best(),
        most,
        curve);
  }
}
