package io.sluice.gateway.auth;

import io.vertx.core.Future;

/** Asks again whether a caller may still be here, for answers that last: event streams. */
public interface Recheck {
  /** Cheap enough to be asked every few seconds for each stream. */
  Future<Boolean> stands(Caller caller);
}
