package io.sluice.cli.commands;

import io.sluice.cli.compose.Directories;
import io.sluice.cli.compose.Recorder;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.LogSettings;
import io.sluice.cli.settings.RedisSettings;
import io.sluice.cli.settings.Settings;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;

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

  /** Adds what an earlier, unanswered try may have added. */
  static Future<Void> addOnce(Future<Boolean> known, Supplier<Future<Void>> add) {
    return known.compose(there -> there ? Future.succeededFuture() : add.get());
  }

  /** To the minute, as tables show it. */
  static String minute(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES).toString().replace(":00Z", "Z");
  }
}
