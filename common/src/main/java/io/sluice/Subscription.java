package io.sluice;

/**
 * Something that goes on until it is closed. Closing twice is harmless; nothing is called
 * afterwards.
 */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
