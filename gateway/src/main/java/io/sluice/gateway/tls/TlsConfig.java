package io.sluice.gateway.tls;

import io.sluice.tls.IdentityFiles;
import java.time.Duration;

/**
 * How the gateway speaks TLS.
 *
 * @param files its certificate and key
 * @param look between two looks at the files; defaults to 2 s
 */
public record TlsConfig(IdentityFiles files, Duration look) {
  private static final Duration LOOK = Duration.ofSeconds(2);

  public TlsConfig {
    if (look.toMillis() < 1) {
      throw new IllegalArgumentException("the files must be looked at in intervals");
    }
  }

  public static TlsConfig of(IdentityFiles files) {
    return new TlsConfig(files, LOOK);
  }
}
