package io.sluice.cli.compose;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.doctor.OpenEngine;
import io.sluice.cli.doctor.OpenEngineCheck;
import io.sluice.cli.settings.EngineTlsSettings.Check;
import java.net.URI;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker does about a model server that other hosts reach without it. */
final class EngineAccess {
  private static final Logger LOG = LoggerFactory.getLogger(EngineAccess.class);

  private EngineAccess() {}

  /** Looks once, before the first job; blocks for at most three seconds. */
  static void check(URI engine, Check what) {
    if (what == Check.OFF) {
      return;
    }
    List<String> found = look(engine);
    if (found.isEmpty()) {
      return;
    }
    String told = OpenEngineCheck.sentence(found) + ": " + OpenEngineCheck.advice();
    if (what == Check.REFUSE) {
      throw new Refusal(Exit.CANNOT_START, told);
    }
    LOG.warn("{}", told);
  }

  private static List<String> look(URI engine) {
    try {
      return OpenEngine.here().of(engine);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
