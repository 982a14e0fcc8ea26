package io.sluice.gateway.auth;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.address.Address;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What becomes of every attempt to prove an identity, wherever it is made: who fails is written
 * down, slowed down, and then not heard for a while.
 */
public final class Attempts {
  /** Answers that wait at one time; more are given at once. */
  private static final int HELD_MAX = 1_000;

  private final Vertx vertx;
  private final Lockout lockout;
  private final LastUses uses;
  private final Trail trail;
  private final RepeatedEvents repeated;
  private final MeterRegistry meters;
  private final AtomicInteger held = new AtomicInteger();
  private final Counter blocks;

  public Attempts(Vertx vertx, AuthConfig config, LastUses uses, Log log) {
    this.vertx = vertx;
    this.lockout = new Lockout(config.failuresMax(), config.block(), log.clock());
    this.uses = uses;
    this.trail = log.trail();
    this.repeated = log.repeated();
    this.meters = log.meters();
    this.blocks =
        Counter.builder("sluice.auth.blocked")
            .description("Times that a network was blocked after failed authentications")
            .register(meters);
    Gauge.builder("sluice.auth.blocked.addresses", lockout, Lockout::blocked)
        .description("Networks that are blocked now after failed authentications")
        .register(meters);
  }

  /** Where it tells what happens. */
  public record Log(
      Trail trail, RepeatedEvents repeated, MeterRegistry meters, InstantSource clock) {}

  /**
   * How long an address is not heard; empty if it may try. Costs nothing where nobody is blocked.
   *
   * @param principal whom the credential names, if that is cheap to tell
   */
  public Optional<Duration> blocked(String address, Supplier<Optional<String>> principal) {
    return lockout.wait(address, principal);
  }

  /** A credential was good. */
  public void passed(String address, Caller caller) {
    lockout.succeeded(address, caller.principal());
    caller.credential().apiKey().ifPresent(id -> uses.note(id, address));
  }

  /** A credential was not good; completes when the client may be told. */
  public Future<Void> failed(String address, Denied denied) {
    meters
        .counter(
            "sluice.auth.refused",
            "shown",
            denied.shown().wireName(),
            "cause",
            denied.why().wireName())
        .increment();
    AuditEvent event =
        trail
            .event(Action.AUTHENTICATE, Outcome.REFUSED)
            .address(address)
            .detail("credential", denied.shown().wireName())
            .detail("cause", denied.why().wireName());
    repeated.add(
        new Kind(network(address), denied.shown(), denied.why()),
        denied.keyId().map(event::principal).orElse(event));
    Lockout.Outcome outcome = lockout.failed(address, denied.keyId(), denied.why().isGuess());
    outcome.block().ifPresent(whom -> tell(address, whom));
    return hold(outcome.delay());
  }

  private void tell(String address, Failures.Subject whom) {
    blocks.increment();
    AuditEvent event =
        trail
            .event(Action.BLOCK, Outcome.SUCCESS)
            .address(address)
            .detail("network", network(address));
    repeated.add(whom, whom.key().map(event::target).orElse(event));
  }

  private Future<Void> hold(Duration delay) {
    if (delay.isZero()) {
      return Future.succeededFuture();
    }
    if (held.incrementAndGet() > HELD_MAX) {
      held.decrementAndGet();
      return Future.succeededFuture();
    }
    Promise<Void> over = Promise.promise();
    vertx.setTimer(delay.toMillis(), fired -> over.complete());
    return over.future().onComplete(done -> held.decrementAndGet());
  }

  private static String network(String address) {
    return Address.parse(address).map(it -> it.network().toString()).orElse(address);
  }

  private record Kind(String network, Denied.Shown shown, Denied.Cause cause) {}
}
