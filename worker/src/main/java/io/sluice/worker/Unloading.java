package io.sluice.worker;

import io.sluice.Failure;

/** What became of a model that was to leave a server's memory: a closed choice. */
public sealed interface Unloading {
  /** It is not loaded any more, or was not. */
  record Gone() implements Unloading {}

  /** Such a server holds its model for as long as it runs. */
  record Unsupported() implements Unloading {}

  /**
   * It is loaded still.
   *
   * @param why {@link io.sluice.FailureCode#ENGINE_STUCK} where only a restart helps
   */
  record Stays(Failure why) implements Unloading {}
}
