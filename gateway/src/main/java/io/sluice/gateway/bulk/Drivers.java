package io.sluice.gateway.bulk;

import io.sluice.Elections;
import io.sluice.FileStore;
import io.sluice.gateway.bulk.Undertaking.Opened;
import io.sluice.gateway.upkeep.Answer;
import io.sluice.gateway.upkeep.Repeated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sees that every open undertaking of a kind is driven by one gateway: by the one that is elected
 * for it, and by another {@link #TERM} after that one was killed.
 *
 * <p>A gateway drives at most {@link #DRIVEN_MAX} at a time; tenants with fewer under way there go
 * first, then those that are older. While all places are taken, a tenant that has more of them than
 * another that waits gives way with its newest: so one that is long, or paused, keeps nobody else's
 * from their turn.
 */
public final class Drivers {
  /** How many one gateway drives at a time. */
  public static final int DRIVEN_MAX = 16;

  /** How long an office is kept without a word of its holder. */
  public static final Duration TERM = Duration.ofSeconds(15);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration KEPT_EVERY = Duration.ofSeconds(4);
  private static final int ASKED_IN_A_ROUND_MAX = 32;

  /** Somebody else has it, or it could not be driven on: it is looked at again after this. */
  private static final Duration REST = Duration.ofSeconds(3);

  private final Undertaking undertaking;
  private final OpenList open;
  private final Elections elections;
  private final String instance;
  private final Repeated rounds;

  // All of this is used by the thread of the rounds, and by stop() after that has ended.
  private final Map<Opened, Driving> driven = new HashMap<>();
  private final Map<Opened, Long> resting = new HashMap<>();
  private long kept = System.nanoTime();

  /**
   * @param instance the name of this gateway among others
   */
  public Drivers(Undertaking undertaking, FileStore files, Elections elections, String instance) {
    this.undertaking = undertaking;
    this.open = new OpenList(files, undertaking.kind());
    this.elections = elections;
    this.instance = instance;
    this.rounds = new Repeated(undertaking.kind() + "-drivers", PAUSE, this::round);
  }

  /**
   * From now on it is driven, by whichever gateway. Blocks; durable when it returns. What it needs
   * to be driven has to be in the file store before.
   */
  public void open(Opened opened) {
    open.add(opened);
  }

  /** Those that have not ended, of all tenants, oldest first. Blocks. */
  public List<Opened> all() {
    return open.all();
  }

  public void start() {
    rounds.start();
  }

  /** Lets go of all, as they are, so that other gateways take them at once; blocks for seconds. */
  public void stop() {
    rounds.stop();
    driven.values().forEach(Driving::interrupt);
    driven.values().forEach(Driving::join);
    driven.keySet().forEach(this::resign);
    driven.clear();
  }

  private void round() throws InterruptedException {
    reap();
    if (System.nanoTime() - kept > KEPT_EVERY.toNanos()) {
      kept = System.nanoTime();
      keep();
    }
    begin();
  }

  private void reap() {
    for (Opened over : driven.keySet().stream().filter(it -> driven.get(it).isOver()).toList()) {
      if (driven.remove(over).hasEnded()) {
        open.remove(over);
      } else {
        rest(over);
      }
      resign(over);
    }
  }

  /** Who has lost an office lets go; who gets no answer goes on, since two do no harm. */
  private void keep() throws InterruptedException {
    for (Opened mine : List.copyOf(driven.keySet())) {
      if (!isElected(mine)) {
        driven.get(mine).interrupt();
      }
    }
  }

  private void begin() throws InterruptedException {
    long now = System.nanoTime();
    resting.values().removeIf(until -> until - now < 0);
    List<Opened> waiting = new ArrayList<>(open.all());
    waiting.removeIf(it -> driven.containsKey(it) || resting.containsKey(it));
    int asked = 0;
    while (asked++ < ASKED_IN_A_ROUND_MAX && !waiting.isEmpty()) {
      Opened next = waiting.stream().min(Comparator.comparingLong(this::underWay)).orElseThrow();
      waiting.remove(next);
      boolean isFull = driven.size() >= DRIVEN_MAX;
      Optional<Opened> yielding = yieldingTo(next);
      if (isFull && yielding.isEmpty()) {
        return;
      }
      if (!isElected(next)) {
        rest(next);
      } else if (isFull) {
        driven.get(yielding.orElseThrow()).interrupt();
        return;
      } else {
        driven.put(next, Driving.start(undertaking, next));
      }
    }
  }

  /** The newest of the tenant that has most, if it still has no fewer when that has let go. */
  private Optional<Opened> yieldingTo(Opened next) {
    long without = underWay(next) + 1;
    return driven.keySet().stream()
        .filter(it -> underWay(it) > without)
        .max(Comparator.comparingLong(this::underWay).thenComparing(Opened::id));
  }

  /** How many of its tenant this gateway drives. */
  private long underWay(Opened opened) {
    return driven.keySet().stream().filter(it -> it.tenant().equals(opened.tenant())).count();
  }

  private void rest(Opened opened) {
    resting.put(opened, System.nanoTime() + REST.toNanos());
  }

  private boolean isElected(Opened opened) throws InterruptedException {
    return Answer.of(elections.stand(office(opened), instance, TERM));
  }

  private void resign(Opened opened) {
    elections.resign(office(opened), instance);
  }

  private String office(Opened opened) {
    return undertaking.kind() + ":" + opened.id();
  }
}
