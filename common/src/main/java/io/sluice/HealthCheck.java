package io.sluice;

import io.vertx.core.Future;

/** One thing that must work for the process to be ready. */
public interface HealthCheck {
  /** What is checked: {@code queue}, {@code store}. */
  String name();

  /** Whether the process is not ready without it; else a failure is only a warning. */
  default boolean required() {
    return true;
  }

  /** Fails with the reason when it does not work; completes within 2 seconds. */
  Future<Void> check();
}
