package io.sluice.gateway;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.context.storage.ContextLocal;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/**
 * How long ports may keep one request waiting, all its calls together: whatever is slow, and
 * however many calls it takes, the client has its answer within two seconds. It goes with the
 * context that Vert.x makes for each request, so that {@link OnContext} finds it wherever a call is
 * made. Used by the request's event loop only.
 */
public final class RequestTime {
  private static final Duration WHOLE = Duration.ofMillis(1_400);

  /** Kept from the store, so that a job which was admitted late can still be published. */
  private static final Duration FOR_THE_QUEUE = Duration.ofMillis(300);

  private Duration spent = Duration.ZERO;

  private RequestTime() {}

  /** A request begins. */
  static void begin(RoutingContext http) {
    http.vertx().getOrCreateContext().putLocal(Registration.LOCAL, new RequestTime());
    http.next();
  }

  /** The request becomes a wait or a stream: from here on each call has a time of its own. */
  public static void lift(Vertx vertx) {
    vertx.getOrCreateContext().removeLocal(Registration.LOCAL);
  }

  /** That of the request whose context this is, if it is one's. */
  static Optional<RequestTime> of(Context context) {
    return Optional.ofNullable(context.getLocal(Registration.LOCAL));
  }

  Duration leftForStore() {
    return leftForQueue().minus(FOR_THE_QUEUE);
  }

  Duration leftForQueue() {
    return WHOLE.minus(spent);
  }

  void spend(Duration waited) {
    spent = spent.plus(waited);
  }

  /** Its place in contexts, which Vert.x asks for before it makes the first of them. */
  public static final class Registration implements VertxServiceProvider {
    private static final ContextLocal<RequestTime> LOCAL =
        ContextLocal.registerLocal(RequestTime.class);

    @Override
    public void init(VertxBootstrap starting) {
      // To be loaded is enough.
    }
  }
}
