package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.gateway.tls.TlsConfig;
import io.sluice.tls.ClientTls;
import io.sluice.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections over TLS that are for nothing. */
class Http2ConnectionsTest {
  private static final int PING = 6;
  private static final int PER_ADDRESS_MAX = 4;

  @TempDir static Path folder;
  private static ClientTls trust;
  private static TestGateway sluice;

  @BeforeAll
  static void start() {
    TestAuthority authority = TestAuthority.in(folder);
    trust = new ClientTls(Optional.of(authority.certificate()), Optional.empty());
    Optional<TlsConfig> tls = Optional.of(TlsConfig.of(authority.issue("server", "dns:localhost")));
    ConnectionBounds bounds =
        ConnectionBounds.DEFAULT.bounds(100, PER_ADDRESS_MAX).headDeadline(Duration.ofMillis(500));
    sluice =
        new TestGateway(
            config -> config.tls(tls).limits(config.limits().connections(bounds)),
            InstantSource.system(),
            Optional.of(trust));
  }

  @AfterAll
  static void close() {
    sluice.close();
  }

  @Test
  void one_without_a_request_is_closed_however_busy_it_is_and_one_with_a_request_is_not()
      throws IOException {
    try (Http2Client honest = Http2Client.connect(sluice.gateway.port(), trust);
        Http2Client silent = Http2Client.connect(sluice.gateway.port(), trust)) {
      honest.request(1, true, "GET", "/health/live");
      assertThat(honest.status(1)).isEqualTo("200");
      await().until(() -> silent.closed || !pinged(silent));
      try (Http2Client late = Http2Client.connect(sluice.gateway.port(), trust)) {
        await().until(() -> late.closed);
      }
      honest.request(3, true, "GET", "/health/live");
      assertThat(honest.status(3)).isEqualTo("200");
    }
  }

  private static boolean pinged(Http2Client client) {
    try {
      client.send(PING, 0, 0, new byte[8]);
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  @Test
  void those_that_never_shake_hands_are_counted_too() throws IOException {
    await().until(() -> sluice.meters.get("sluice.gateway.connections").gauge().value() <= 1);
    List<RawClient> open = new ArrayList<>();
    try {
      for (int i = 0; i < PER_ADDRESS_MAX + 1; i++) {
        open.add(new RawClient(sluice));
      }
      assertThat(open.getLast().isClosed()).isTrue();
      assertThat(
              sluice
                  .meters
                  .get("sluice.gateway.connections.refused")
                  .tag("bound", "address")
                  .counter()
                  .count())
          .isPositive();
    } finally {
      for (RawClient client : open) {
        client.close();
      }
    }
  }
}
