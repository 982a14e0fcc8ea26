package io.sluice.redis;

import io.vertx.core.Future;

/** Where scripts run. */
@FunctionalInterface
interface Scripts {
  /** Runs a script; its answer is always a list. Fails with {@link io.sluice.Unavailable}. */
  Future<Reply> call(Script script, Object... arguments);
}
