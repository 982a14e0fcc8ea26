package io.sluice.gateway.catalogue;

import io.sluice.Fleet;
import io.sluice.Pool;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.SharedAnswer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The listing that everybody gets. The fleet is asked once in two seconds at most, and only the
 * first who asks ever waits for it: afterwards the last one is given while the next is made. Where
 * the fleet does not answer, the settings alone say what is served. Safe from any thread.
 */
final class Listings {
  private static final Duration LIFE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final SharedAnswer<Listing> next;
  private final Listing bare;
  private volatile Optional<Listing> last = Optional.empty();

  Listings(Vertx vertx, Fleet fleet, List<Pool> pools, Instant since) {
    this.vertx = vertx;
    this.bare = new Listing(pools, List.of(), since);
    this.next =
        new SharedAnswer<>(
            LIFE,
            () ->
                fleet
                    .all()
                    .map(workers -> new Listing(pools, workers, since))
                    .onSuccess(this::keep));
  }

  private void keep(Listing made) {
    last = Optional.of(made);
  }

  /** Never fails; completes on the caller's context. */
  Future<Listing> now() {
    Future<Listing> asked = next.get();
    Optional<Listing> known = last;
    if (!asked.isComplete() && known.isPresent()) {
      return Future.succeededFuture(known.get());
    }
    return OnContext.of(vertx, asked).otherwise(away -> known.orElse(bare));
  }
}
