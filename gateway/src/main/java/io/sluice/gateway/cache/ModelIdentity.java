package io.sluice.gateway.cache;

import io.sluice.Pool;
import java.util.Optional;

/**
 * What a model is besides its name, so that answers of one that was replaced are found no more.
 * Called on any thread; must not block.
 */
@FunctionalInterface
public interface ModelIdentity {
  /**
   * The same for as long as the workers serve the same; an empty text where they serve it and none
   * of them can say more, so that a model is its name.
   *
   * @return empty while no worker has told of it: nothing may be shared meanwhile, since whoever
   *     comes may serve another one
   */
  Optional<String> of(Pool pool);
}
