package io.sluice.gateway.auth;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.address.Address;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import io.vertx.core.Future;

/** What becomes of every attempt to prove an identity, wherever it is made. */
public final class Attempts {
  private final Trail trail;
  private final RepeatedEvents repeated;
  private final LastUses uses;
  private final MeterRegistry meters;

  public Attempts(Trail trail, RepeatedEvents repeated, LastUses uses, MeterRegistry meters) {
    this.trail = trail;
    this.repeated = repeated;
    this.uses = uses;
    this.meters = meters;
  }

  /** A credential was good. */
  public void passed(String address, Caller caller) {
    caller.credential().apiKey().ifPresent(id -> uses.note(id, address));
  }

  /** A credential was not good; completes when the client may be told. */
  public Future<Void> failed(String address, Denied denied) {
    meters
        .counter("sluice.auth.refused", "shown", denied.shown().wireName(), "cause", denied.why())
        .increment();
    AuditEvent event =
        trail
            .event(Action.AUTHENTICATE, Outcome.REFUSED)
            .address(address)
            .detail("credential", denied.shown().wireName())
            .detail("cause", denied.why());
    repeated.add(
        new Kind(network(address), denied.shown(), denied.why()),
        denied.keyId().map(event::principal).orElse(event));
    return Future.succeededFuture();
  }

  private static String network(String address) {
    return Address.parse(address).map(it -> it.network().toString()).orElse(address);
  }

  private record Kind(String network, Denied.Shown shown, String cause) {}
}
