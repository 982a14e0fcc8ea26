package io.sluice.worker;

import io.sluice.Lane;
import io.sluice.Subscription;
import io.sluice.Unavailable;
import io.sluice.WarmLanes;
import io.sluice.WarmLanes.Presence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lane where other workers put turns of conversations that are warm here. The worker holds one
 * for as long as it takes jobs and says so every second; it looks into it only when it heard that
 * something may be there.
 */
final class WarmLane {
  private static final Logger LOG = LoggerFactory.getLogger(WarmLane.class);
  private static final Duration SIGN_EVERY = Duration.ofSeconds(1);

  private final WarmLanes lanes;
  private final String worker;
  private final Lifecycle life;
  private final Engines engines;
  private final AtomicBoolean waits = new AtomicBoolean();
  private volatile OptionalInt number = OptionalInt.empty();

  WarmLane(WarmLanes lanes, String worker, Lifecycle life, Engines engines) {
    this.lanes = lanes;
    this.worker = worker;
    this.life = life;
    this.engines = engines;
  }

  /**
   * @param wake called when something may be there; it must not block
   */
  Subscription start(Runnable wake) {
    Runnable heard =
        () -> {
          waits.set(true);
          wake.run();
        };
    Thread.ofVirtual().name("warm lane").start(() -> giveSigns(heard));
    return lanes.watch(worker, heard);
  }

  /** The lane, if something may be in it. To be told by {@link #found} if there was. */
  Optional<Lane> due() {
    OptionalInt mine = number;
    return mine.isPresent() && waits.getAndSet(false)
        ? Optional.of(new Lane.Warm(mine.getAsInt()))
        : Optional.empty();
  }

  /** There was something, so there may be more. */
  void found() {
    waits.set(true);
  }

  private void giveSigns(Runnable heard) {
    do {
      try {
        Presence presence = sign();
        number = presence.lane();
        if (presence.waits()) {
          heard.run();
        }
      } catch (Unavailable e) {
        LOG.debug("no sign of life: {}", e.getMessage());
      }
    } while (life.restUntilEnding(SIGN_EVERY));
    lanes.leave(worker).onFailure(e -> LOG.debug("the lane ends by itself: {}", e.getMessage()));
  }

  private Presence sign() {
    if (life.isOpen() && !engines.open().isEmpty()) {
      return Await.answer(lanes.present(worker, expectedWait()));
    }
    if (number.isPresent()) {
      Await.answer(lanes.leave(worker));
    }
    return Presence.NONE;
  }

  /** At the engine where it is longest, since nobody who hands over knows which one it will be. */
  private Optional<Duration> expectedWait() {
    List<Optional<Duration>> each =
        engines.all().stream()
            .filter(engine -> !engine.open().isEmpty())
            .map(engines::expectedWait)
            .toList();
    return each.stream().anyMatch(Optional::isEmpty)
        ? Optional.empty()
        : each.stream().flatMap(Optional::stream).max(Duration::compareTo);
  }
}
