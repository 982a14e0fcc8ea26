package io.sluice.gateway.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Unavailable;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.trail.Trail;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets administrators in, and nobody else, and has everything written down that they do: who, from
 * where, to what, how it went. A change is written down before it is made, and is not made if that
 * fails.
 */
final class Ledger {
  static final String SCOPE = "admin";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Trail trail;
  private final MeterRegistry meters;

  Ledger(Trail trail, MeterRegistry meters) {
    this.trail = trail;
    this.meters = meters;
  }

  /** Runs one request of an administrator; its work answers, or fails. */
  void act(RoutingContext http, Action action, String target, Function<Act, Future<Void>> work) {
    Caller caller = Caller.of(http);
    caller.need(SCOPE);
    AuditEvent event =
        trail
            .event(action, Outcome.SUCCESS)
            .tenant(caller.tenant())
            .principal(caller.principal())
            .address(ClientAddress.of(http));
    Act act = new Act(http, caller, event.target(target));
    Future.succeededFuture(act)
        .compose(work)
        .onSuccess(done -> tell(with(act.event, Outcome.SUCCESS)))
        .onFailure(
            e -> {
              tell(act.changed ? with(act.event, Outcome.SUCCESS) : failed(act, e));
              http.fail(e);
            });
  }

  private void tell(AuditEvent event) {
    trail.add(event);
    meters
        .counter(
            "sluice.admin.actions",
            "action",
            event.action().wireName(),
            "outcome",
            event.outcome().wireName())
        .increment();
  }

  private AuditEvent failed(Act act, Throwable e) {
    if (e instanceof Refusal refusal) {
      return with(act.event, Outcome.REFUSED).detail("cause", refusal.problem().code().wireName());
    }
    boolean unknown = act.changing && e instanceof Unavailable;
    return with(act.event, unknown ? Outcome.UNKNOWN : Outcome.FAILED)
        .detail("cause", e.getClass().getSimpleName());
  }

  /** The same event of this moment. */
  private AuditEvent with(AuditEvent event, Outcome outcome) {
    return event.at(trail.event(event.action(), outcome).at(), outcome);
  }

  /** One request of an administrator, under way. Used on its event loop. */
  final class Act {
    private final RoutingContext http;
    private final Caller caller;
    private AuditEvent event;

    /** What is done stays done, whatever becomes of the answer. */
    private boolean changed;

    /** A change was asked for: until its answer nobody knows whether it was made. */
    private boolean changing;

    private Act(RoutingContext http, Caller caller, AuditEvent event) {
      this.http = http;
      this.caller = caller;
      this.event = event;
    }

    RoutingContext http() {
      return http;
    }

    Caller caller() {
      return caller;
    }

    /**
     * Refuses whoever shows an access token: what is made here outlives it, so that a token which
     * was stolen would buy what does not end with it.
     */
    void needKey() {
      if (!(caller.credential() instanceof Caller.Credential.Key)) {
        throw ProblemCode.FORBIDDEN
            .with("Show the API key itself: an access token makes nothing that outlives it.")
            .refusal();
      }
    }

    /** What a port answers, on the request's event loop. */
    <T> Future<T> ask(Future<T> port) {
      return OnContext.of(http.vertx(), port);
    }

    /** What it is done to, where only the work knows. */
    Act target(String id) {
      event = event.target(id);
      return this;
    }

    /** Whose it is that is changed: what was done to a tenant is found under its name. */
    Act ofTenant(String name) {
      event = event.tenant(name).detail("by_tenant", caller.tenant());
      return this;
    }

    /** What is to be known of it later: numbers and digests, never a secret. */
    Act detail(String name, String value) {
      event = event.detail(name, value);
      return this;
    }

    /** Writes down what was said of it so far, and only then makes the change. */
    <T> Future<T> change(Supplier<Future<T>> change) {
      return OnContext.written(http.vertx(), trail.add(with(event, Outcome.BEGUN)))
          .recover(e -> Future.failedFuture(unwritten()))
          .compose(
              written -> {
                changing = true;
                return ask(change.get());
              })
          .onSuccess(made -> changed = true);
    }
  }

  private static Refusal unwritten() {
    return ProblemCode.AUDIT_UNAVAILABLE
        .with("It cannot be written down, so it was not done.")
        .retryAfter(RETRY_AFTER)
        .refusal();
  }
}
