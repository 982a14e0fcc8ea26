package io.sluice.gateway.token;

import io.sluice.ApiKey;
import io.sluice.Grant;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** An access token as the token endpoint makes it, without the endpoint. */
public final class IssuedToken {
  private IssuedToken() {}

  /** A token of a key; the key and the grant are in the ports. */
  public static Future<String> of(Vertx vertx, TokenPorts ports, TokenConfig config, ApiKey key) {
    InstantSource clock = InstantSource.system();
    WorkerExecutor workers = vertx.createSharedWorkerExecutor("issue", 1);
    KeyRing ring =
        new KeyRing(
            vertx,
            workers,
            ports.tokenKeys(),
            clock,
            config,
            config.sealing().orElseThrow(),
            () -> {});
    Grant grant = grant(config, key, clock.instant());
    return ring.start()
        .compose(ready -> ports.grants().open(grant, RefreshTokens.hash(RefreshTokens.first())))
        .map(opened -> new AccessTokens(ring, config, clock).issue(grant, grant.scopes()).text())
        .onComplete(done -> ring.stop());
  }

  private static Grant grant(TokenConfig config, ApiKey key, Instant now) {
    return new Grant(
        UUID.randomUUID().toString(),
        key.tenant(),
        key.id(),
        key.scopes(),
        Optional.empty(),
        now,
        now.plus(config.refreshLife()),
        config.refreshIdle());
  }
}
