package io.sluice.worker;

import io.sluice.Conversation;
import io.sluice.Delivery;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobListener.Warmth;
import io.sluice.JobMessage;
import io.sluice.JobState;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
import io.sluice.Pool;
import io.sluice.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message from its pull to its settlement: claim, run, write the end, settle last. When the job
 * turns out to be somebody else's, the message is not settled on a guess but claimed again: the
 * answer says what it is worth.
 */
final class JobRun implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

  /** The wait for what nobody can say how long it takes: the shortest rung of the ladder. */
  private static final Duration A_WHILE = Duration.ofSeconds(10);

  /** The shortest wait before a claim that came too early is made again. */
  private static final Duration A_MOMENT = Duration.ofMillis(250);

  private static final Duration LOOK_AT_CLOCK = Duration.ofMillis(200);

  private final Workplace place;
  private final Runs runs;
  private final Delivery delivery;
  private final Fare fare;
  private final Holding holding;
  private final Seat seat;
  private final JobId id;
  private final Pool pool;

  // Owned by the thread of the run.
  private int attempt;
  private boolean continued;
  private boolean settled;

  private volatile Optional<Execution> execution = Optional.empty();

  JobRun(Workplace place, Runs runs, Pulled pulled, Room room) {
    this.place = place;
    this.runs = runs;
    this.delivery = pulled.delivery();
    this.fare = pulled.fare();
    this.holding = new Holding(delivery);
    this.id = delivery.message().job().id();
    this.pool = delivery.message().job().pool();
    this.seat = new Seat(place, pool, room);
    this.attempt = delivery.message().attempt();
  }

  JobId id() {
    return id;
  }

  /** Stops what runs, for the job to be given back. Once the worker drains, nothing new starts. */
  void giveBack() {
    execution.ifPresent(Execution::giveBack);
  }

  @Override
  public void run() {
    try {
      boolean more = isOnlyRun();
      while (more) {
        more = act(next());
      }
    } catch (Unavailable e) {
      LOG.warn("{} is left to another worker: {}", id, e.getMessage());
      holding.release();
    } catch (RuntimeException e) {
      LOG.error("the run of {} broke", id, e);
      putOff();
    } finally {
      seat.leave();
      fare.over();
      runs.remove(this);
    }
  }

  /**
   * Hands the message over to the run that this worker already has of the job, if there is one. A
   * run that is just being settled takes no more; this one then follows it.
   */
  private boolean isOnlyRun() {
    while (true) {
      Optional<JobRun> other = runs.register(this);
      if (other.isEmpty()) {
        return true;
      }
      if (other.get().holding.replace(delivery)) {
        return false;
      }
      runs.awaitEnd(other.get());
    }
  }

  private Next next() {
    if (!place.life().isOpen()) {
      return new Next.Release();
    }
    if (!seat.hasSlot()) {
      // A wait was given up: what comes next has to queue for a slot, if any engine gives one.
      return place.engines().isOpen(pool)
          ? new Next.Park(place.clock().instant())
          : new Next.Later(A_WHILE);
    }
    if (!seat.engine().isOpen(pool)) {
      return otherEngine();
    }
    if (!settled) {
      settled = true;
      return settle();
    }
    if (!seat.fit(delivery.message().job().tokensAtMost(), this::mayWait)) {
      return place.life().isOpen() && seat.engine().isOpen(pool)
          ? new Next.Later(A_WHILE)
          : new Next.Again();
    }
    if (!place.life().isOpen()) {
      return new Next.Release();
    }
    return switch (claim()) {
      case Claim.Granted granted -> execute(granted);
      case Claim.Held held -> new Next.Park(place.clock().instant().plus(held.remaining()));
      case Claim.NotYet(Instant notBefore) -> new Next.Later(until(notBefore));
      case Claim.Ended(JobState state) -> {
        place.listener().ended(id(), state);
        yield new Next.Done();
      }
      case Claim.Over over -> new Next.Done();
    };
  }

  /** Before the first claim: where a turn of a conversation is to run, which may be elsewhere. */
  private Next settle() {
    Job job = delivery.message().job();
    return Conversation.of(job).map(it -> settle(job, it)).orElseGet(Next.Again::new);
  }

  private Next settle(Job job, Conversation conversation) {
    Warmth warmth = place.affinity().settle(job, conversation, seat);
    if (warmth == Warmth.NEW) {
      warmth = place.handOvers().offer(delivery, conversation, fare.turn(), seat.engine());
    }
    place.listener().placed(job, warmth);
    if (warmth != Warmth.HANDED) {
      return new Next.Again();
    }
    fare.handedOver();
    return new Next.Done();
  }

  /** Whether it is worth waiting for room. */
  private boolean mayWait() {
    return place.life().isOpen()
        && seat.engine().isOpen(pool)
        && place.clock().instant().isBefore(delivery.message().job().finishBy());
  }

  /** By this worker's clock it may be over already, if the store's is behind it. */
  private Duration until(Instant notBefore) {
    Duration left = Duration.between(place.clock().instant(), notBefore);
    return left.compareTo(A_MOMENT) < 0 ? A_MOMENT : left;
  }

  /** The engine was lost after the message was pulled: another one, or this one again. */
  private Next otherEngine() {
    return switch (seat.park(() -> true)) {
      case READY -> new Next.Again();
      case GAVE_UP, NO_PLACE -> new Next.Later(A_WHILE);
    };
  }

  /** One nonce for all resends, so that a claim whose answer was lost is answered again. */
  private Claim claim() {
    Leases.Request request =
        new Leases.Request(
            message(), place.config().worker(), UUID.randomUUID().toString(), continued);
    Claim answer = place.patience().until(() -> place.ports().leases().claim(request));
    fare.claimed();
    return answer;
  }

  /** With the attempts that this worker knows of, in case the store has lost its own count. */
  private JobMessage message() {
    return new JobMessage(delivery.message().job(), attempt);
  }

  private Next execute(Claim.Granted granted) {
    attempt = granted.record().attempt();
    continued = true;
    Execution granting = new Execution(place, seat, message(), granted);
    execution = Optional.of(granting);
    try {
      return granting.run();
    } finally {
      fare.spent(granting.spent());
      execution = Optional.empty();
    }
  }

  /** Whether there is more to do. */
  private boolean act(Next next) {
    return switch (next) {
      case Next.Again again -> true;
      case Next.Done done -> {
        holding.done();
        yield false;
      }
      case Next.Release release -> {
        holding.release();
        yield false;
      }
      case Next.Park(Instant until) -> park(until);
      case Next.Later(Duration wait) -> {
        boolean isShort = wait.compareTo(place.config().pace().parkAtMost()) <= 0;
        yield isShort ? park(place.clock().instant().plus(wait)) : toLadder(wait);
      }
    };
  }

  private boolean park(Instant until) {
    BooleanSupplier wait = () -> restUntil(until);
    return switch (seat.park(wait)) {
      case READY, GAVE_UP -> true;
      case NO_PLACE -> toLadder(Duration.between(place.clock().instant(), until));
    };
  }

  /** By the clock that was given, which need not run as fast as the machine's. */
  private boolean restUntil(Instant until) {
    Duration left = Duration.between(place.clock().instant(), until);
    while (left.isPositive()) {
      if (!place.life().restWhileOpen(left.compareTo(LOOK_AT_CLOCK) < 0 ? left : LOOK_AT_CLOCK)) {
        return false;
      }
      left = Duration.between(place.clock().instant(), until);
    }
    return true;
  }

  private boolean toLadder(Duration wait) {
    holding.retry(place.patience(), attempt, wait.isNegative() ? Duration.ZERO : wait);
    return false;
  }

  /** After a bug: the job gets another chance, and in the end becomes poison by its dead leases. */
  private void putOff() {
    try {
      toLadder(A_WHILE);
    } catch (RuntimeException e) {
      LOG.error("{} stays in hand until this worker ends", id, e);
    }
  }
}
