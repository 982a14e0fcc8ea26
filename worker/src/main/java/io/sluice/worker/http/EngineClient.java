package io.sluice.worker.http;

import io.sluice.tls.ClientTls;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;

/** Makes the HTTP client of a model server: one connection per request that runs, no detours. */
public final class EngineClient {
  private EngineClient() {}

  /**
   * @throws IllegalArgumentException where a file of {@code tls} is wrong
   */
  public static HttpClient of(Duration connectTimeout, ClientTls tls) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(connectTimeout)
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .sslContext(tls.context())
        .sslParameters(ClientTls.parameters())
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }
}
