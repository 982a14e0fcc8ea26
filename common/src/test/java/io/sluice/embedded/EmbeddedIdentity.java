package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.Grants;
import io.sluice.IdentityFixture;
import io.sluice.Jobs;
import io.sluice.Tenants;
import io.sluice.TokenKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The embedded stores of identity, with a clock that stands still. */
final class EmbeddedIdentity implements IdentityFixture {
  private final MovableClock clock = new MovableClock();
  private final TemporaryData data = TemporaryData.make();
  private final Embedded embedded = data.open(Admission.Bounds.DEFAULT, List.of(Jobs.POOL), clock);

  @Override
  public Tenants tenants() {
    return embedded.tenants();
  }

  @Override
  public Grants grants() {
    return embedded.grants();
  }

  @Override
  public TokenKeys tokenKeys() {
    return embedded.tokenKeys();
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public void pass(Duration time) {
    clock.move(time);
  }

  @Override
  public void close() {
    embedded.close();
    data.close();
  }
}
