package io.sluice.gateway.token;

import io.sluice.TokenKey;
import io.sluice.TokenKeys;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.SharedReads;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of access tokens as this gateway knows them: read every second, the next one made before
 * it is needed, so that every gateway knows a key before any signs with it. A read that fails
 * leaves what was known.
 */
final class KeyRing {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
  static final Duration PERIOD = Duration.ofSeconds(1);

  /** From when a key is made by command until it signs: three reads of every gateway. */
  static final Duration LEAD_MIN = Duration.ofSeconds(3);

  /** Between two reads, however many tokens name keys that are not known. */
  static final Duration BETWEEN_READS = Duration.ofMillis(250);

  private static final Duration LEAD_MAX = Duration.ofHours(1);

  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final TokenKeys store;
  private final InstantSource clock;
  private final TokenConfig config;
  private final KeySealing sealing;
  private final Runnable reloadFailed;
  private final SharedReads<Void> reads;
  private volatile KeySet keys = KeySet.EMPTY;
  private volatile long timer = -1;

  KeyRing(
      Vertx vertx,
      WorkerExecutor workers,
      TokenKeys store,
      InstantSource clock,
      TokenConfig config,
      KeySealing sealing,
      Runnable reloadFailed) {
    this.vertx = vertx;
    this.workers = workers;
    this.store = store;
    this.clock = clock;
    this.config = config;
    this.sealing = sealing;
    this.reloadFailed = reloadFailed;
    this.reads = new SharedReads<>(vertx, BETWEEN_READS, () -> load(false));
  }

  /** Completes when there is a key to sign with; fails if a key of the store cannot be opened. */
  Future<Void> start() {
    return load(true)
        .compose(loaded -> provide())
        .onSuccess(ready -> timer = vertx.setPeriodic(PERIOD.toMillis(), tick -> tick()));
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  KeySet keys() {
    return keys;
  }

  /**
   * Makes a new signing key at once; it signs from {@link #LEAD_MIN} on. Of gateways that do so in
   * the same moment one makes it.
   */
  Future<TokenKey> rotate() {
    Instant now = clock.instant();
    return load(false)
        .compose(loaded -> succeed(now, now.plus(LEAD_MIN)))
        .compose(made -> load(false))
        .map(loaded -> keys.newest().orElseThrow());
  }

  /** Completes when the store was read, by a read that began after this call. */
  Future<Void> refresh() {
    return reads.next();
  }

  private void tick() {
    refresh()
        .compose(loaded -> provide())
        .onFailure(
            e -> {
              reloadFailed.run();
              LOG.warn("the token keys were not read, the old ones stay: {}", e.toString());
            });
  }

  private Future<Void> load(boolean strict) {
    return OnContext.of(vertx, store.keys())
        .compose(records -> workers.executeBlocking(() -> open(records, strict)));
  }

  private Void open(List<TokenKey> records, boolean strict) {
    List<String> faults = new ArrayList<>();
    KeySet opened = KeySet.of(records, keys, sealing, faults);
    if (strict && !faults.isEmpty()) {
      throw new UnusableKeys(faults);
    }
    if (!faults.isEmpty()) {
      reloadFailed.run();
      LOG.error("token keys left out: {}", String.join("; ", faults));
    }
    keys = opened;
    return null;
  }

  /** Makes the next key if its time has come. */
  private Future<Void> provide() {
    Instant now = clock.instant();
    Optional<TokenKey> newest = keys.newest().filter(key -> key.revokedAt().isEmpty());
    if (newest.isEmpty() || keys.signing(now).isEmpty() && !waiting(newest.get(), now)) {
      return succeed(now, now).compose(made -> load(false));
    }
    Instant due = newest.get().activeFrom().plus(config.rotation());
    if (now.isBefore(due.minus(lead()))) {
      return Future.succeededFuture();
    }
    Instant soonest = now.plus(LEAD_MIN);
    return succeed(now, due.isAfter(soonest) ? due : soonest).compose(made -> load(false));
  }

  private static boolean waiting(TokenKey key, Instant now) {
    return key.activeFrom().isAfter(now) && key.activeFrom().isBefore(now.plus(LEAD_MIN));
  }

  private Duration lead() {
    Duration quarter = config.rotation().dividedBy(4);
    return quarter.compareTo(LEAD_MAX) < 0 ? quarter : LEAD_MAX;
  }

  /** Every gateway may try: the store takes one. */
  private Future<Boolean> succeed(Instant now, Instant from) {
    Optional<String> newest = keys.newest().map(TokenKey::kid);
    return workers
        .executeBlocking(() -> NewKeys.signing(config, now, from))
        .compose(next -> OnContext.of(vertx, store.succeed(newest, next)));
  }
}
