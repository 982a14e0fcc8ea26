package io.sluice.cli.commands;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.cli.compose.Directories;
import io.sluice.cli.compose.Directories.Identity;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.LogSettings;
import io.sluice.cli.settings.Settings;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;

/** Administration on the directory itself: each change is written down before it is made. */
final class Desk implements AutoCloseable {
  private final Directories directories;
  private final Consumer<AuditEvent> trail;

  private Desk(Directories directories, Consumer<AuditEvent> trail) {
    this.directories = directories;
    this.trail = trail;
  }

  static Desk open(Settings settings) {
    // Connecting is no news here; only what goes wrong is.
    LogSettings.standard(LogSettings.Level.ERROR);
    return new Desk(
        Directories.open(Serving.redis(settings), settings.get(DataSettings.class).data()),
        event -> {});
  }

  <T> T ask(Function<Identity, Future<T>> question) {
    return directories.askAll(question);
  }

  /** Makes a change that can be asked for again, as long as the connection is being made. */
  <T> T change(Change what, Function<Identity, Future<T>> change) {
    trail.accept(what.event(Outcome.BEGUN));
    try {
      T done = ask(change);
      trail.accept(what.event(Outcome.SUCCESS));
      return done;
    } catch (RuntimeException e) {
      trail.accept(what.event(Outcome.FAILED));
      throw e;
    }
  }

  @Override
  public void close() {
    directories.close();
  }

  /** What is changed, as the audit log is to have it: numbers and digests, never a secret. */
  record Change(Action action, String target, String before, String after) {
    AuditEvent event(Outcome outcome) {
      return AuditEvent.of(Instant.now(), action, outcome)
          .principal("command:" + System.getProperty("user.name"))
          .target(target)
          .detail("before", before)
          .detail("after", after);
    }
  }
}
