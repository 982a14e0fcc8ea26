package io.sluice.cli.client;

import io.sluice.cli.settings.Secret;
import java.io.IOException;
import java.util.Optional;

/** What a client shows its server. Safe from any thread. */
public interface Credential {
  /** What to show now, if there is anything. Blocks while a login is being renewed. */
  Optional<Secret> current() throws IOException;

  /** Whether there may be something newer to show when this has ended. */
  default boolean isRenewable() {
    return false;
  }

  /** Whether there is something newer to show than this, which the server refused. Blocks. */
  default boolean renewed(Secret refused) throws IOException {
    return false;
  }

  /** One that stays as it is, such as an API key. */
  static Credential of(Optional<Secret> secret) {
    return () -> secret;
  }
}
