package io.sluice.gateway.upkeep;

import io.sluice.gateway.auth.LastUses;
import java.time.Duration;

/** Writes down when API keys were last used. */
public final class KeyUses {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final LastUses uses;

  public KeyUses(LastUses uses) {
    this.uses = uses;
  }

  public Repeated repeated() {
    return new Repeated("key-uses", PAUSE, () -> Answer.of(uses.flush()));
  }
}
