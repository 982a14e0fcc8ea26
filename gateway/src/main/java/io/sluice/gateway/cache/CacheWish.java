package io.sluice.gateway.cache;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client says of the cache, in {@code Cache-Control} (RFC 9111 section 5.2.1). Directives
 * that are not known, or cannot be read, are passed over, as the RFC asks.
 *
 * @param store whether the answer may be shared at all
 * @param oldest how old an answer may be; zero for none; empty where the client did not say
 */
public record CacheWish(boolean store, Optional<Duration> oldest) {
  /** Nothing was said: what is deterministic is shared. */
  public static final CacheWish NONE = new CacheWish(true, Optional.empty());

  public static CacheWish of(HttpServerRequest request) {
    CacheWish wish = NONE;
    for (String header : request.headers().getAll("Cache-Control")) {
      for (String directive : header.split(",")) {
        wish = wish.with(directive.strip().toLowerCase(Locale.ROOT));
      }
    }
    return wish;
  }

  private CacheWish with(String directive) {
    if (directive.equals("no-store")) {
      return new CacheWish(false, oldest);
    }
    if (directive.equals("no-cache")) {
      return new CacheWish(store, Optional.of(Duration.ZERO));
    }
    if (directive.matches("max-age=[0-9]{1,9}")) {
      Duration age = Duration.ofSeconds(Long.parseLong(directive.substring("max-age=".length())));
      return new CacheWish(store, Optional.of(oldest.filter(it -> it.isZero()).orElse(age)));
    }
    return this;
  }

  /** Whether the client asks for answers to be shared that another run might give otherwise. */
  boolean optsIn() {
    return oldest.filter(Duration::isPositive).isPresent();
  }
}
