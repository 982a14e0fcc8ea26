package io.sluice;

import java.time.Duration;
import java.time.Instant;

/** The stores of identity under test, empty, with time that a test can let pass. */
public interface IdentityFixture extends AutoCloseable {
  Tenants tenants();

  Grants grants();

  TokenKeys tokenKeys();

  Instant now();

  void pass(Duration time);

  @Override
  void close();
}
