package io.sluice.testservers;

import io.sluice.tls.IdentityFiles;
import java.nio.file.Path;
import java.util.List;

/**
 * How a test's server speaks TLS.
 *
 * @param ca who vouches for clients
 * @param clients whether a client must show a certificate
 */
public record ServerTls(IdentityFiles identity, Path ca, boolean clients) {
  List<String> redis(int port) {
    return List.of(
        "--port",
        "0",
        "--tls-port",
        String.valueOf(port),
        "--tls-cert-file",
        identity.certificate().toString(),
        "--tls-key-file",
        identity.key().toString(),
        "--tls-ca-cert-file",
        ca.toString(),
        "--tls-auth-clients",
        clients ? "yes" : "no");
  }

  String rabbit(int port) {
    return """
        listeners.ssl.default = 127.0.0.1:%d
        ssl_options.cacertfile = %s
        ssl_options.certfile = %s
        ssl_options.keyfile = %s
        ssl_options.verify = verify_peer
        ssl_options.fail_if_no_peer_cert = %s
        """
        .formatted(port, ca, identity.certificate(), identity.key(), clients);
  }
}
