package io.sluice.gateway.upkeep;

import io.sluice.JobQueue;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.gateway.GatewayPorts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds messages that nobody offered: those that a dead worker held, and all of them after the
 * order of lanes was lost. One gateway of all does it for each pool. It looks into one lane after
 * another, ten a second, and offers those where something waits; so every lane is looked into
 * within {@code lanes ÷ 10} seconds, and after the death of the elected gateway within {@link
 * #TERM} more.
 */
public final class LaneSweep {
  /** For how long a gateway is elected; it stands again well before that. */
  static final Duration TERM = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(LaneSweep.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration STANDS_AFTER = Duration.ofSeconds(3);

  private final GatewayPorts ports;
  private final String candidate;
  private final InstantSource clock;
  private final List<Beat> beats;

  public LaneSweep(GatewayPorts ports, List<Pool> pools, String candidate, InstantSource clock) {
    this.ports = ports;
    this.candidate = candidate;
    this.clock = clock;
    this.beats = pools.stream().map(Beat::new).toList();
  }

  public Repeated repeated() {
    return new Repeated("lane-sweep", PAUSE, this::round, this::resign);
  }

  /** So that another gateway takes over at once. */
  private void resign() {
    beats.stream()
        .filter(beat -> beat.elected)
        .forEach(beat -> ports.elections().resign(beat.office, candidate));
  }

  void round() throws InterruptedException {
    for (Beat beat : beats) {
      try {
        beat.step();
      } catch (Unavailable away) {
        LOG.debug("a lane is not looked into: {}", away.getMessage());
      }
    }
  }

  /** The lanes of one pool, and how far they were walked. */
  private final class Beat {
    private final String office;
    private final List<Lane> lanes;
    private int at;
    private boolean elected;
    private Instant stood = Instant.MIN;

    private Beat(Pool pool) {
      this.office = "sweep " + pool;
      this.lanes = Lane.of(pool);
    }

    private void step() throws InterruptedException {
      if (isElected()) {
        // Counted first: one lane that cannot be looked into must not hide the others.
        Lane lane = lanes.get(at);
        at = (at + 1) % lanes.size();
        look(lane);
      }
    }

    private boolean isElected() throws InterruptedException {
      Instant now = clock.instant();
      if (!now.isBefore(stood.plus(STANDS_AFTER))) {
        elected = false;
        elected = Answer.of(ports.elections().stand(office, candidate, TERM));
        stood = now;
      }
      return elected;
    }

    private void look(Lane lane) throws InterruptedException {
      JobQueue queue = ports.queue();
      if (Answer.of(queue.waiting(lane)) > 0) {
        Answer.of(ports.order().offered(lane, LaneOrder.Share.UNKNOWN));
      }
    }
  }
}
