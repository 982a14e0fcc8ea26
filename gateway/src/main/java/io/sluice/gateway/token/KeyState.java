package io.sluice.gateway.token;

import io.sluice.TokenKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a key of tokens does at a moment. */
public enum KeyState {
  /** It waits to become the one that signs. */
  NEXT,
  /** New tokens are signed with it. */
  SIGNING,
  /** Tokens that were signed with it are still taken. */
  CHECKING,
  REVOKED,
  EXPIRED;

  /**
   * @param all every key, oldest first
   */
  public static KeyState of(TokenKey key, List<TokenKey> all, Instant now) {
    if (key.revokedAt().isPresent()) {
      return REVOKED;
    }
    if (!now.isBefore(key.expiresAt())) {
      return EXPIRED;
    }
    if (key.use() == TokenKey.Use.TENANT) {
      return CHECKING;
    }
    if (key.activeFrom().isAfter(now)) {
      return NEXT;
    }
    return newestActive(all, now).map(key.kid()::equals).orElse(false) ? SIGNING : CHECKING;
  }

  private static Optional<String> newestActive(List<TokenKey> all, Instant now) {
    return all.reversed().stream()
        .filter(key -> key.use() == TokenKey.Use.SIGNING && key.revokedAt().isEmpty())
        .filter(key -> !key.activeFrom().isAfter(now) && now.isBefore(key.expiresAt()))
        .map(TokenKey::kid)
        .findFirst();
  }

  /** The name on the wire: {@code checking}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
