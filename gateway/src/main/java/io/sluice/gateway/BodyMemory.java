package io.sluice.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.auth.ClientAddress;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * How much the bodies of all requests take up together, from their first byte until they have been
 * made use of. A tenant has at most its share. Who shows no credential is counted apart, by its
 * network, so that strangers take no room from callers. Safe from any thread.
 */
final class BodyMemory implements Handler<RoutingContext> {
  private static final String KEY = "sluice.bodies";

  /** One part of so many is for strangers; one holder has at most one part of so many. */
  private static final int PARTS = 4;

  /** About what a request takes up beside its body. */
  private static final int REQUEST_BYTES = 4 * 1024;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final Shares callers;
  private final Shares strangers;

  /**
   * @param max bytes of all of them
   * @param one the largest body, for which there is always room in a share
   */
  BodyMemory(long max, int one, MeterRegistry meters) {
    long ofStrangers = max / PARTS;
    this.strangers = new Shares(ofStrangers, ofStrangers / PARTS);
    long ofCallers = max - ofStrangers;
    this.callers = new Shares(ofCallers, Math.max(ofCallers / PARTS, one + REQUEST_BYTES));
    Gauge.builder("sluice.gateway.bodies.bytes", this, BodyMemory::bytes)
        .description("What the bodies of requests take up")
        .register(meters);
  }

  @Override
  public void handle(RoutingContext http) {
    http.put(KEY, this);
    http.next();
  }

  /** The place of one body, to be closed when it has been made use of. */
  static Place place(RoutingContext http) {
    BodyMemory memory = http.get(KEY);
    return http.user() == null
        ? new Place(memory.strangers, ClientAddress.networkOf(http))
        : new Place(memory.callers, Caller.of(http).tenant());
  }

  private long bytes() {
    return callers.taken() + strangers.taken();
  }

  /** What one body takes up. Used by its request's event loop only. */
  static final class Place implements AutoCloseable {
    private final Shares shares;
    private final String holder;
    private long taken;
    private boolean closed;

    private Place(Shares shares, String holder) {
      this.shares = shares;
      this.holder = holder;
      take(REQUEST_BYTES);
    }

    /** Refuses where there is no room for so many bytes more. */
    void take(int bytes) {
      if (closed) {
        return;
      }
      switch (shares.take(holder, bytes)) {
        case TAKEN -> taken += bytes;
        case HOLDER_FULL ->
            throw refusal(
                ProblemCode.TOO_MANY_BODIES.with(
                    "The bodies that are on their way from here take up all that they may."));
        case FULL ->
            throw refusal(ProblemCode.OVERLOADED.with("There is no memory for the body now."));
      }
    }

    private static RuntimeException refusal(Problem problem) {
      return problem.retryAfter(RETRY_AFTER).closing().refusal();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        shares.giveBack(holder, taken);
      }
    }
  }
}
