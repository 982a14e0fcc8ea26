package io.sluice;

/**
 * Counts the tokens of a text as a model would. CPU-bound: a megabyte takes up to a second, so long
 * texts are counted off the event loop. Safe from any thread.
 */
public interface TokenCounter {
  int count(String text);

  /** Whether the count is the model's own, or only an estimate. */
  boolean exact();
}
