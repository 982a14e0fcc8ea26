package io.sluice.cli.compose;

import io.sluice.cli.doctor.Finding;
import java.net.URI;
import java.util.Optional;

/** Whether what is sent to a server can be read on the way. */
final class Crossing {
  private Crossing() {}

  /** What to say of an address without TLS; nothing where it has TLS. */
  static Optional<Finding> of(String about, URI server, String secure) {
    if (secure.equals(server.getScheme())) {
      return Optional.empty();
    }
    return Optional.of(
        Instance.isLoopback(server.getHost())
            ? Finding.ok(about, "in clear, on the loopback only")
            : Finding.warning(
                about,
                "prompts and its password go to " + server.getHost() + " in clear",
                "use an address with " + secure + "://"));
  }
}
