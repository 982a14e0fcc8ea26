package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.JobId;
import io.sluice.address.AddressRange;
import io.sluice.gateway.auth.ForwardedHeader;
import io.sluice.gateway.tls.TlsConfig;
import io.sluice.tls.ClientTls;
import io.sluice.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who does not read takes no memory from others, and makes them wait for nothing. */
class UnsentTest {
  private static final int BYTES_MAX = 300_000;
  private static final int REQUESTS = 99;
  private static final byte[] WINDOW_OF_ZERO = {0, 4, 0, 0, 0, 0};
  private static final byte[] LARGE_WINDOW = {0, 4, 0, 15, 0, 0};
  private static final byte[] MUCH_MORE = {0, 15, 0, 0};

  private ClientTls trust;
  private TestGateway sluice;

  @BeforeEach
  void start(@TempDir Path folder) {
    TestAuthority authority = TestAuthority.in(folder);
    trust = new ClientTls(Optional.of(authority.certificate()), Optional.empty());
    Optional<TlsConfig> tls = Optional.of(TlsConfig.of(authority.issue("server", "dns:localhost")));
    sluice =
        new TestGateway(
            config ->
                config
                    .tls(tls)
                    .auth(
                        config
                            .auth()
                            .proxies(
                                List.of(
                                    AddressRange.parse("127.0.0.0/8"), AddressRange.parse("::1")),
                                ForwardedHeader.X_FORWARDED_FOR))
                    .limits(
                        config
                            .limits()
                            .connections(
                                ConnectionBounds.DEFAULT.unsent(
                                    BYTES_MAX, Duration.ofSeconds(60)))),
            InstantSource.system(),
            Optional.of(trust));
  }

  @AfterEach
  void close() {
    sluice.close();
  }

  private Http2Client unread() throws IOException {
    Http2Client client = Http2Client.connect(sluice.gateway.port(), trust);
    client.send(Http2Client.SETTINGS, 0, 0, WINDOW_OF_ZERO);
    return client;
  }

  private static void flood(Http2Client client, String path, String... headers) throws IOException {
    for (int i = 0; i < REQUESTS; i++) {
      client.request(2 * i + 1, true, "GET", path, headers);
    }
    client.status(2 * REQUESTS - 1);
  }

  @Test
  void strangers_that_read_nothing_lose_their_own_answers_and_everybody_else_is_served()
      throws IOException {
    try (Http2Client stranger = unread();
        Http2Client another = unread()) {
      flood(stranger, "/openapi.yaml", "x-forwarded-for", "192.0.2.1");
      flood(another, "/metrics", "x-forwarded-for", "192.0.2.1");
      assertThat(unsent()).isBetween(1.0, (double) BYTES_MAX);
      assertThat(sluice.get("/v1/jobs").status()).isEqualTo(200);
      assertThat(stranger.frame(Http2Client.RST_STREAM, 1)).isNotNull();
    }
    await().until(() -> unsent() == 0);
  }

  @Test
  void refusals_that_nobody_takes_are_counted_too() throws IOException {
    try (Http2Client stranger = unread()) {
      flood(stranger, "/v1/jobs");
      assertThat(unsent()).isBetween(BYTES_MAX / 2.0, (double) BYTES_MAX);
      assertThat(stranger.frame(Http2Client.RST_STREAM, 1)).isNotNull();
    }
    await().until(() -> unsent() == 0);
  }

  @Test
  void the_answer_of_another_network_is_left_to_it() throws IOException {
    JobId id = sluice.submit();
    sluice.store.claim(id);
    sluice.store.finish(id, MemoryStore.completed("x".repeat(100_000)));
    try (Http2Client slow = unread();
        Http2Client stranger = unread()) {
      slow.request(
          1,
          true,
          "GET",
          "/v1/jobs/" + id,
          "authorization",
          "Bearer " + sluice.key,
          "x-forwarded-for",
          "198.51.100.1");
      slow.status(1);
      flood(stranger, "/metrics", "x-forwarded-for", "2001:db8::1");
      slow.send(Http2Client.WINDOW_UPDATE, 0, 0, MUCH_MORE);
      slow.send(Http2Client.SETTINGS, 0, 0, LARGE_WINDOW);
      await().until(() -> slow.text(1).endsWith("\"webhook\":null}"));
    }
  }

  private double unsent() {
    return sluice.meters.get("sluice.gateway.unsent.bytes").gauge().value();
  }
}
