package io.sluice.cli.compose;

import io.sluice.tls.ClientTls;
import java.net.URI;

/**
 * Where a server is, and how it is met over TLS if its address says so. The password is in the
 * address, so it is never printed.
 */
public record ServerAddress(URI uri, ClientTls tls) {
  @Override
  public String toString() {
    return "ServerAddress[***]";
  }
}
