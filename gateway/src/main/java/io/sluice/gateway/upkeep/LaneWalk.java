package io.sluice.gateway.upkeep;

import io.sluice.Delivery;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Leases;
import io.sluice.Pool;
import io.sluice.Recovery;
import io.sluice.Unavailable;
import io.sluice.gateway.GatewayPorts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds a store that lost its records, from the messages in the lanes: each is pulled, its
 * record restored, the message published anew, and the old one dropped on the confirm. What workers
 * held at that time comes back within a lease, if they died too; so the lanes are walked once at
 * the start, and once more when two leases have passed.
 */
public final class LaneWalk {
  private static final Logger LOG = LoggerFactory.getLogger(LaneWalk.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration SETTLED_AFTER = Leases.LENGTH.multipliedBy(2);

  /** The hold lasts 10 seconds; asked for again well before that. */
  private static final Duration HOLD_ASKED_AFTER = Duration.ofSeconds(3);

  private static final int PUBLISH_TRIES_MAX = 5;

  /** Messages of other gateways' pools that are kept in hand while one rung is walked. */
  private static final int FOREIGN_MAX = 1_000;

  private final GatewayPorts ports;
  private final List<Pool> pools;
  private final String walker;
  private final InstantSource clock;
  private Optional<Recovery.Epoch> walked = Optional.empty();
  private Instant holdAsked = Instant.MIN;

  /** In hand since a round that failed: given back often enough it would become poison. */
  private Optional<Delivery> held = Optional.empty();

  public LaneWalk(GatewayPorts ports, List<Pool> pools, String walker, InstantSource clock) {
    this.ports = ports;
    this.pools = pools;
    this.walker = walker;
    this.clock = clock;
  }

  public Repeated repeated() {
    return new Repeated("lane-walk", PAUSE, this::round);
  }

  void round() throws InterruptedException {
    if (held.isPresent()) {
      goOn(held.get());
    }
    Optional<Recovery.Epoch> epoch = Answer.of(ports.recovery().begin(walker));
    if (epoch.isEmpty()) {
      walked = Optional.empty();
      return;
    }
    holdAsked = clock.instant();
    if (walked.isEmpty() || !walked.equals(epoch)) {
      LOG.warn("the store is new, or lost its records: the lanes are walked");
      if (!walkAll()) {
        return;
      }
      walked = epoch;
    }
    if (!clock.instant().isBefore(epoch.get().since().plus(SETTLED_AFTER)) && walkAll()) {
      Answer.of(ports.recovery().complete(epoch.get()));
      LOG.warn("the lanes were walked: the store is whole again, but for results");
      walked = Optional.empty();
    }
  }

  /** Whether it got to the end with the hold still its own. */
  private boolean walkAll() throws InterruptedException {
    for (Lane lane : lanes()) {
      if (!walk(lane)) {
        return false;
      }
    }
    return true;
  }

  private boolean walk(Lane lane) throws InterruptedException {
    List<Delivery> foreign = new ArrayList<>();
    try {
      long messages = Answer.of(ports.queue().waiting(lane));
      for (long i = 0; i < messages && foreign.size() < FOREIGN_MAX; i++) {
        if (!holds()) {
          return false;
        }
        held = Answer.of(ports.queue().pull(lane));
        if (held.isEmpty()) {
          break;
        }
        if (isForeign(held.get())) {
          foreign.add(leave(held.get()));
        } else {
          move(held.get());
        }
      }
      return true;
    } finally {
      foreign.forEach(Delivery::release);
    }
  }

  private void goOn(Delivery delivery) throws InterruptedException {
    if (isForeign(delivery)) {
      leave(delivery).release();
    } else {
      move(delivery);
    }
  }

  /** On the ladder, and of a pool whose lanes only other gateways have. */
  private boolean isForeign(Delivery delivery) {
    return delivery.lane() instanceof Lane.Delay
        && !pools.contains(delivery.message().job().pool());
  }

  /**
   * Restores the record and leaves the message on its rung, which leads it home in time. In hand
   * until the rung is walked, since given back at once it would be the next one pulled.
   */
  private Delivery leave(Delivery delivery) throws InterruptedException {
    Answer.of(ports.recovery().restore(delivery.message()));
    held = Optional.empty();
    return delivery;
  }

  private List<Lane> lanes() {
    List<Lane> lanes = new ArrayList<>();
    // The last ones first, since what waited in the others is moved there.
    pools.forEach(pool -> lanes.addAll(Lane.of(pool).reversed()));
    lanes.addAll(List.of(Lane.Delay.values()));
    return lanes;
  }

  private boolean holds() throws InterruptedException {
    if (clock.instant().isBefore(holdAsked.plus(HOLD_ASKED_AFTER))) {
      return true;
    }
    boolean still = Answer.of(ports.recovery().begin(walker)).isPresent();
    holdAsked = clock.instant();
    return still;
  }

  private void move(Delivery delivery) throws InterruptedException {
    JobMessage message = delivery.message();
    Lane home = home(delivery.lane(), message);
    Answer.of(ports.recovery().restore(message));
    for (int i = 0; i < PUBLISH_TRIES_MAX; i++) {
      if (Answer.of(ports.queue().publish(home, message)) == JobQueue.Publish.CONFIRMED) {
        held = Optional.empty();
        Answer.of(delivery.done());
        ports
            .order()
            .offered(home, LaneOrder.Share.UNKNOWN)
            .onFailure(e -> LOG.debug("{} not announced", home.label()));
        return;
      }
      Thread.sleep(PAUSE);
    }
    throw new Unavailable("queue", "it did not confirm a message that is moved");
  }

  /** What waited on the ladder retries now: its wait is a record of the store that was lost. */
  private static Lane home(Lane lane, JobMessage message) {
    return switch (lane) {
      case Lane.Ready ready ->
          // The leases of lanes are lost too: its own lane may be another tenant's by now.
          Lane.home(message.job(), Optional.empty());
      case Lane.Retry retry -> retry;
      case Lane.Warm warm -> new Lane.Retry(message.job().pool(), message.job().jobClass());
      case Lane.Delay delay -> new Lane.Retry(message.job().pool(), message.job().jobClass());
      case Lane.Aside aside -> aside;
    };
  }
}
