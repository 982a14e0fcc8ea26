package io.sluice.gateway.upkeep;

/** One bounded step of a role that repeats. Runs on a virtual thread and may wait. */
@FunctionalInterface
public interface Round {
  void run() throws InterruptedException;
}
