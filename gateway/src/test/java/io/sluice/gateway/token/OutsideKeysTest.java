package io.sluice.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.Await;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the keys of an outside issuer are read: seldom, bounded, and from nowhere else. */
class OutsideKeysTest {
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicInteger reads = new AtomicInteger();
  private volatile Answer answer = exchange -> send(exchange, 200, keySet("a"));
  private HttpServer server;
  private OutsideKeys keys;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          reads.incrementAndGet();
          answer.to(exchange);
        });
    server.start();
    URI jwks = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
    keys =
        new OutsideKeys(
            new OutsideIssuer("https://id.example", jwks, "sluice", "acme"),
            vertx.createSharedWorkerExecutor("outside-keys", 2),
            now::get,
            DEADLINE);
  }

  @AfterEach
  void stop() {
    server.stop(0);
    Await.await(vertx.close());
  }

  @Test
  void ten_thousand_unknown_names_read_the_keys_five_times_a_minute() {
    assertThat(finds("a")).isTrue();
    for (int i = 0; i < 10_000; i++) {
      assertThat(finds("made-up-" + i)).isFalse();
    }
    assertThat(reads).hasValue(1);
    for (int second = 0; second < 60; second++) {
      pass(Duration.ofSeconds(1));
      finds("made-up");
      finds("made-up-too");
    }
    assertThat(reads).hasValue(6);
  }

  @Test
  void known_keys_count_while_the_issuer_is_away_but_not_longer_than_a_day() {
    assertThat(finds("a")).isTrue();
    answer = exchange -> send(exchange, 500, "");
    for (int minutes = 0; minutes < 60; minutes += 5) {
      pass(Duration.ofMinutes(5));
      assertThat(finds("a")).as("after %d minutes", minutes).isTrue();
    }
    pass(Duration.ofHours(24));
    assertThat(finds("a")).isFalse();
  }

  @Test
  void a_key_that_was_withdrawn_stops_counting_although_no_name_is_unknown() {
    assertThat(finds("a")).isTrue();
    answer = exchange -> send(exchange, 200, keySet("b"));
    pass(Duration.ofMinutes(11));
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !keys.has("a"));
    assertThat(finds("b")).isTrue();
  }

  @Test
  void a_redirect_is_not_followed() {
    answer =
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          send(exchange, 302, "");
        };
    assertThat(finds("a")).isFalse();
    assertThat(reads).hasValue(1);
  }

  @Test
  void what_is_too_large_is_not_read_to_its_end() {
    answer = exchange -> send(exchange, 200, keySet("a") + " ".repeat(300 * 1024));
    assertThat(finds("a")).isFalse();
  }

  @Test
  void a_body_that_drips_in_ends_at_the_deadline() {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000_000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
        };
    assertThat(finds("a")).isFalse();
  }

  @Test
  void one_broken_key_among_good_ones_is_left_out() {
    String good = keySet("a");
    String broken = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"c2VjcmV0\"},";
    answer = exchange -> send(exchange, 200, broken + good.substring("{\"keys\":[".length()));
    assertThat(finds("a")).isTrue();
    assertThat(finds("s")).as("a published secret").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://id.example/keys",
        "http://127.0.0.1.id.example/keys",
        "https://user:password@id.example/keys",
        "file:///etc/passwd",
        "https:keys"
      })
  void keys_come_by_https_or_from_this_machine(String jwks) {
    assertThatThrownBy(() -> new OutsideIssuer("https://i", URI.create(jwks), "sluice", "acme"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme", "id.example", "sluice"})
  void nobody_outside_is_named_as_a_tenant_can_be(String name) {
    URI jwks = URI.create("https://id.example/keys");
    assertThatThrownBy(() -> new OutsideIssuer(name, jwks, "sluice", "acme"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a URL");
  }

  private boolean finds(String kid) {
    return Await.await(keys.find(kid)).isPresent();
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  private static String keySet(String... kids) {
    try {
      List<JWK> all = new ArrayList<>();
      for (String kid : kids) {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
        all.add(key.toPublicJWK());
      }
      return new JWKSet(all).toString(true);
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static void send(HttpExchange exchange, int status, String body) {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }
}
