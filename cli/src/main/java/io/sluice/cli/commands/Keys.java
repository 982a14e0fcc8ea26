package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ApiKey;
import io.sluice.Directory;
import io.sluice.cli.compose.Directories;
import io.sluice.cli.compose.Recorder;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.LogSettings;
import io.sluice.cli.settings.RedisSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.codec.Json;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeSet;

/** What the key commands have in common. */
final class Keys {
  /** The settings that they need. */
  static final List<Class<? extends Record>> GROUPS =
      List.of(DataSettings.class, RedisSettings.class, AuditSettings.class);

  private Keys() {}

  static Directories open(Settings settings) {
    // Connecting is no news here; only what goes wrong is.
    LogSettings.standard(LogSettings.Level.ERROR);
    return Directories.open(Serving.redis(settings), settings.get(DataSettings.class).data());
  }

  /** Where what is done to keys is written down. */
  static Recorder recorder(Settings settings) {
    return Recorder.open(
        settings.get(AuditSettings.class), settings.get(DataSettings.class).data());
  }

  /** Adds a key that an earlier, unanswered try may have added. */
  static Future<Void> addOnce(Directory directory, ApiKey key) {
    return directory
        .key(key.id())
        .compose(known -> known.isPresent() ? Future.succeededFuture() : directory.add(key));
  }

  static ObjectNode json(ApiKey key, Instant now) {
    ObjectNode json = Json.object().put("id", key.id()).put("tenant", key.tenant());
    new TreeSet<>(key.scopes()).forEach(json.putArray("scopes")::add);
    json.putNull("ranges");
    key.ranges().ifPresent(ranges -> ranges.forEach(json.putArray("ranges")::add));
    json.put("state", state(key, now));
    json.put("created_at", key.createdAt().toString());
    json.put("expires_at", key.expiresAt().map(Object::toString).orElse(null));
    json.put("revoked_at", key.revokedAt().map(Object::toString).orElse(null));
    json.put("last_used_at", key.lastUse().map(use -> use.at().toString()).orElse(null));
    json.put("last_used_from", key.lastUse().map(ApiKey.LastUse::address).orElse(null));
    return json;
  }

  /** Whether it works: {@code valid}, {@code expired} or {@code revoked}. */
  static String state(ApiKey key, Instant now) {
    return key.revokedAt().isPresent() ? "revoked" : key.isValid(now) ? "valid" : "expired";
  }

  /** To the minute, as tables show it. */
  static String minute(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES).toString().replace(":00Z", "Z");
  }
}
