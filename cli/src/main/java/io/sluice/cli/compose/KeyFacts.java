package io.sluice.cli.compose;

import io.sluice.ApiKey;
import io.sluice.AuditEvent;
import java.util.TreeSet;

/** What the audit log is told of an API key: never its secret, nor the hash of it. */
public final class KeyFacts {
  private KeyFacts() {}

  public static AuditEvent of(ApiKey key, AuditEvent event) {
    AuditEvent told =
        event
            .tenant(key.tenant())
            .target(key.id())
            .detail("scopes", String.join(" ", new TreeSet<>(key.scopes())));
    AuditEvent ranged =
        key.ranges().map(it -> told.detail("ranges", String.join(" ", it))).orElse(told);
    return key.expiresAt().map(end -> ranged.detail("expires", end.toString())).orElse(ranged);
  }
}
