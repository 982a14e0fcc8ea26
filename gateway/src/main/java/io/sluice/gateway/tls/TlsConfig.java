package io.sluice.gateway.tls;

import io.sluice.tls.IdentityFiles;
import java.time.Duration;

/**
 * How the gateway speaks TLS.
 *
 * @param files its certificate and key
 * @param look between two looks at the files; defaults to 2 s
 * @param handshake by when a new connection must have shaken hands; defaults to 10 s
 */
public record TlsConfig(IdentityFiles files, Duration look, Duration handshake) {
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  public TlsConfig {
    if (look.toMillis() < 1 || handshake.toMillis() < 1) {
      throw new IllegalArgumentException("looks and handshakes take time");
    }
  }

  public static TlsConfig of(IdentityFiles files) {
    return new TlsConfig(files, LOOK, HANDSHAKE);
  }
}
