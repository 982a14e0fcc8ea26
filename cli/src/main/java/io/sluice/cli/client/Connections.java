package io.sluice.cli.client;

import io.sluice.tls.ClientTls;
import java.net.http.HttpClient;
import java.time.Duration;

/** How a client connects to its server. */
final class Connections {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private Connections() {}

  static HttpClient of(ClientTls tls) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT)
        .sslContext(tls.context())
        .sslParameters(ClientTls.parameters())
        .build();
  }
}
