package io.sluice.worker.plan;

/** What an engine's answer says about a model's memory. */
public sealed interface Shape {
  /** Enough for a plan, with what had to be assumed. */
  record Known(ModelShape model) implements Shape {}

  /**
   * No plan can be made.
   *
   * @param why a sentence for whoever runs the engine
   */
  record Unknown(String why) implements Shape {}
}
