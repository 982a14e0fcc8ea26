package io.sluice.cli.commands;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.cli.compose.Directories;
import io.sluice.cli.compose.Directories.Identity;
import io.sluice.cli.compose.Recorder;
import io.sluice.cli.settings.Settings;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/** Administration on the directory itself: each change is written down before it is made. */
record Desk(Directories directories, Settings settings) implements AutoCloseable {
  static Desk open(Settings settings) {
    return new Desk(Keys.open(settings), settings);
  }

  <T> T ask(Function<Identity, Future<T>> question) {
    return directories.askAll(question);
  }

  /** Makes a change; it is asked for again as long as the connection is being made. */
  <T> T change(Change what, Function<Identity, Future<T>> change) {
    try (Recorder recorder = Keys.recorder(settings)) {
      return recorder.record(what.action(), what::facts, () -> ask(change));
    }
  }

  @Override
  public void close() {
    directories.close();
  }

  /**
   * What is changed, as the audit log is to have it: numbers and digests, never a secret.
   *
   * @param tenant whose it is, if it is of one
   */
  record Change(
      Action action, Optional<String> tenant, String target, String before, String after) {
    private AuditEvent facts(AuditEvent event) {
      AuditEvent told = event.target(target).detail("before", before).detail("after", after);
      return tenant.map(told::tenant).orElse(told);
    }
  }
}
