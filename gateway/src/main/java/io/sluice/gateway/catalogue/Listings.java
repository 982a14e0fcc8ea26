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
public final class Listings {
  private static final Duration LIFE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Fleet fleet;
  private final List<Pool> pools;
  private final Instant since;
  private final SharedAnswer<Listing> next;
  private final Listing bare;
  private volatile Optional<Listing> last = Optional.empty();

  /**
   * @param pools that the gateway serves
   * @param since when it began to
   */
  public Listings(Vertx vertx, Fleet fleet, List<Pool> pools, Instant since) {
    this.vertx = vertx;
    this.fleet = fleet;
    this.pools = List.copyOf(pools);
    this.since = since;
    this.bare = new Listing(pools, List.of(), since);
    this.next = new SharedAnswer<>(LIFE, this::look);
  }

  /** Asks the fleet now, for those who ask later; completes on any thread. */
  public Future<Listing> look() {
    return fleet
        .all()
        .map(workers -> new Listing(pools, workers, since))
        .onSuccess(made -> last = Optional.of(made));
  }

  /**
   * What is installed under the name of a pool's model, by the last word of all workers: the same
   * for as long as that is the same, and an empty text where they know the model and nothing more.
   *
   * @return empty before the fleet has answered, and while no worker has told of the model
   */
  public Optional<String> installed(Pool pool) {
    return last.flatMap(listing -> listing.digests(pool.model()));
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
