package io.sluice.gateway;

import io.sluice.Grant;
import io.sluice.Grants;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Grants in memory. */
final class MemoryGrants implements Grants {
  private final InstantSource clock;
  private final Map<String, Grant> open = new HashMap<>();
  private final Map<String, Token> tokens = new HashMap<>();
  private final Set<String> denied = new HashSet<>();
  volatile boolean away;

  MemoryGrants(InstantSource clock) {
    this.clock = clock;
  }

  /** Knows what another store knows is open. */
  synchronized void adopt(MemoryGrants other) {
    open.putAll(other.open);
  }

  private static final class Token {
    private final Grant grant;
    private final Instant idleAt;
    private Instant tradedAt;
    private String salt = "";
    private String successor = "";

    private Token(Grant grant, Instant now) {
      this.grant = grant;
      this.idleAt = now.plus(grant.idle());
    }
  }

  @Override
  public synchronized Future<Void> open(Grant grant, String tokenHash) {
    open.put(grant.id(), grant);
    tokens.put(tokenHash, new Token(grant, clock.instant()));
    return Future.succeededFuture();
  }

  @Override
  public synchronized Future<Optional<Grant>> find(String tokenHash) {
    return Future.succeededFuture(
        Optional.ofNullable(tokens.get(tokenHash))
            .map(token -> token.grant)
            .filter(grant -> !ended(grant.id())));
  }

  @Override
  public synchronized Future<Rotation> rotate(String tokenHash, String salt, String successorHash) {
    Token token = tokens.get(tokenHash);
    Instant now = clock.instant();
    if (token == null || ended(token.grant.id())) {
      return Future.succeededFuture(new Rotation.Refused());
    }
    if (token.tradedAt == null) {
      if (now.isAfter(token.idleAt)) {
        return Future.succeededFuture(new Rotation.Refused());
      }
      token.tradedAt = now;
      token.salt = salt;
      token.successor = successorHash;
      tokens.put(successorHash, new Token(token.grant, now));
      return Future.succeededFuture(new Rotation.Rotated(token.grant));
    }
    boolean unused = tokens.get(token.successor).tradedAt == null;
    if (unused && now.isBefore(token.tradedAt.plus(GRACE))) {
      return Future.succeededFuture(new Rotation.Repeated(token.grant, token.salt));
    }
    open.remove(token.grant.id());
    return Future.succeededFuture(new Rotation.Reused(token.grant));
  }

  private boolean ended(String grantId) {
    Grant grant = open.get(grantId);
    return grant == null || !clock.instant().isBefore(grant.expiresAt());
  }

  @Override
  public synchronized Future<Optional<Grant>> revoke(String tokenHash) {
    if (away) {
      return Future.failedFuture(new Unavailable("store", "taken away by the test"));
    }
    return Future.succeededFuture(
        Optional.ofNullable(tokens.get(tokenHash))
            .map(token -> token.grant)
            .filter(grant -> open.remove(grant.id()) != null));
  }

  @Override
  public synchronized Future<Void> deny(String tokenId, Instant until) {
    denied.add(tokenId);
    return Future.succeededFuture();
  }

  @Override
  public synchronized Future<Boolean> holds(String grantId, String tokenId) {
    return Future.succeededFuture(!ended(grantId) && !denied.contains(tokenId));
  }
}
