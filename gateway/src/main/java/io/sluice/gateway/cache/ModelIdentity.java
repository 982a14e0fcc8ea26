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
   * The same for as long as the workers serve the same; an empty text where none of them says what
   * that is, so that a model is its name.
   *
   * @return empty while nobody was asked yet: nothing may be shared before
   */
  Optional<String> of(Pool pool);
}
