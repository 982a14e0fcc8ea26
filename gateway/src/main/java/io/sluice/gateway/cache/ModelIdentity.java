package io.sluice.gateway.cache;

import io.sluice.Pool;

/**
 * What a model is besides its name, so that answers of one that was replaced are found no more.
 * Called on event loops; must not block.
 */
@FunctionalInterface
public interface ModelIdentity {
  /** Where nothing is known, a model is its name. */
  ModelIdentity BY_NAME = pool -> "";

  /** The same for as long as the workers serve the same; empty where they do not say. */
  String of(Pool pool);
}
