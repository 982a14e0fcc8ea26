package io.sluice.gateway.bulk;

import io.sluice.Unavailable;
import io.sluice.gateway.bulk.Undertaking.Opened;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One undertaking on its virtual thread. */
final class Driving {
  private static final Logger LOG = LoggerFactory.getLogger(Driving.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final Undertaking undertaking;
  private final Opened opened;
  private final Thread thread;
  private volatile boolean hasEnded;

  private Driving(Undertaking undertaking, Opened opened) {
    this.undertaking = undertaking;
    this.opened = opened;
    this.thread = Thread.ofVirtual().name("sluice-" + opened.id()).unstarted(this::drive);
  }

  static Driving start(Undertaking undertaking, Opened opened) {
    Driving driving = new Driving(undertaking, opened);
    driving.thread.start();
    return driving;
  }

  /** Whether nothing is left to do: then nobody has to drive it again. */
  boolean hasEnded() {
    return hasEnded;
  }

  boolean isOver() {
    return !thread.isAlive();
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Waits until it has let go, at most 5 seconds. */
  void join() {
    try {
      if (!thread.join(STOP_LIMIT)) {
        LOG.warn("{} did not let go within {} s", opened.id(), STOP_LIMIT.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drive() {
    try {
      undertaking.drive(opened);
      hasEnded = true;
    } catch (InterruptedException letGo) {
      LOG.info("{} is left as it is, for another gateway or a later start", opened.id());
    } catch (Unavailable away) {
      LOG.warn("{} waits: {} is away: {}", opened.id(), away.part(), away.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("{} was not driven on, and will be tried again", opened.id(), bug);
    }
  }
}
