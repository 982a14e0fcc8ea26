package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.JobId;
import io.sluice.gateway.tls.TlsConfig;
import io.sluice.tls.ClientTls;
import io.sluice.tls.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many requests share one connection: none of them may cost the others theirs. */
class Http2Test {
  private static final int NO_ERROR = 0;
  private static final int REFUSED_STREAM = 7;
  private static final int ENHANCE_YOUR_CALM = 11;

  @TempDir static Path folder;
  private static ClientTls trust;
  private static TestGateway sluice;

  @BeforeAll
  static void start() {
    TestAuthority authority = TestAuthority.in(folder);
    trust = new ClientTls(Optional.of(authority.certificate()), Optional.empty());
    Optional<TlsConfig> tls = Optional.of(TlsConfig.of(authority.issue("server", "dns:localhost")));
    sluice = new TestGateway(config -> config.tls(tls), InstantSource.system(), Optional.of(trust));
  }

  @AfterAll
  static void close() {
    sluice.close();
  }

  @Test
  void an_early_refusal_ends_its_own_request_and_no_other_on_the_connection() throws IOException {
    JobId id = sluice.submit();
    try (Http2Client client = connect()) {
      client.request(1, true, "GET", "/v1/jobs/" + id + "/events", authorization());
      assertThat(client.status(1)).isEqualTo("200");
      client.request(
          3, false, "POST", "/v1/jobs", with("content-type", "text/plain", "content-length", "9"));
      assertThat(client.status(3)).isEqualTo("415");
      assertThat(client.answers.get(3).contains("connection")).isFalse();
      assertThat(client.frame(Http2Client.RST_STREAM, 3).error()).isEqualTo(NO_ERROR);
      assertThat(client.text(3)).contains("unsupported_media_type");

      sluice.store.claim(id);
      sluice.store.finish(id, MemoryStore.completed("Hello"));
      await().until(() -> client.text(1).contains("event: end"));
      assertThat(client.closed).isFalse();
    }
  }

  @Test
  void a_token_request_that_is_refused_early_ends_alone_too() throws IOException {
    try (Http2Client client = connect()) {
      client.request(1, false, "POST", "/oauth/token", "content-type", "text/plain");
      assertThat(client.status(1)).startsWith("4");
      assertThat(client.answers.get(1).contains("connection")).isFalse();
      client.frame(Http2Client.RST_STREAM, 1);
      client.request(3, true, "GET", "/health/live");
      assertThat(client.status(3)).isEqualTo("200");
    }
  }

  @Test
  void a_reader_that_takes_its_request_back_is_let_go() throws IOException {
    JobId id = sluice.submit();
    try (Http2Client client = connect()) {
      int before = sluice.store.log.watching();
      client.request(1, true, "GET", "/v1/jobs/" + id + "/events", authorization());
      assertThat(client.status(1)).isEqualTo("200");
      assertThat(sluice.store.log.watching()).isEqualTo(before + 1);
      client.cancel(1);
      await().until(() -> sluice.store.log.watching() == before);
    }
  }

  @Test
  void a_body_arrives_in_pieces_and_the_job_is_taken() throws IOException {
    byte[] body = TestGateway.chat("hi").getBytes(StandardCharsets.UTF_8);
    try (Http2Client client = connect()) {
      client.request(1, false, "POST", "/v1/jobs", with("content-type", "application/json"));
      client.send(Http2Client.DATA, 0, 1, Arrays.copyOf(body, 10));
      client.send(
          Http2Client.DATA, Http2Client.END_STREAM, 1, Arrays.copyOfRange(body, 10, body.length));
      assertThat(client.status(1)).isEqualTo("202");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "host,elsewhere",
    "connection,close",
    "transfer-encoding,chunked",
    "Upper-Case,x",
    "te,gzip",
  })
  void what_two_servers_could_read_differently_is_refused(String name, String value)
      throws IOException {
    try (Http2Client client = connect()) {
      client.request(1, true, "GET", "/health/live", name, value);
      await()
          .until(
              () ->
                  client.closed
                      || client.frames.stream()
                          .anyMatch(frame -> frame.type() == Http2Client.RST_STREAM)
                      || client.answers.containsKey(1));
      assertThat(client.answers).doesNotContainKey(1);
    }
  }

  @Test
  void two_hosts_and_a_long_path_and_many_headers_are_refused_by_name() throws IOException {
    try (Http2Client client = connect()) {
      client.request(1, true, "GET", "/health/live", "host", "localhost", "host", "localhost");
      assertThat(client.status(1)).isEqualTo("400");
      client.request(3, true, "GET", "/" + "x".repeat(5_000));
      assertThat(client.status(3)).isEqualTo("414");
      client.request(5, true, "GET", "/health/live", "h", "x".repeat(9_000));
      assertThat(client.status(5)).isEqualTo("431");
      client.request(7, true, "GET", "/health/live");
      assertThat(client.status(7)).isEqualTo("200");
    }
  }

  @Test
  void a_connection_carries_a_hundred_requests_at_a_time_and_no_more() throws IOException {
    JobId id = sluice.submit();
    try (Http2Client client = connect()) {
      for (int i = 0; i < 100; i++) {
        client.request(2 * i + 1, true, "GET", "/v1/jobs/" + id + "/events", authorization());
      }
      await().until(() -> client.answers.size() == 100);
      client.request(201, true, "GET", "/health/live");
      assertThat(client.frame(Http2Client.RST_STREAM, 201).error()).isEqualTo(REFUSED_STREAM);
      client.cancel(1);
      client.request(203, true, "GET", "/health/live");
      assertThat(client.status(203)).isEqualTo("200");
    }
  }

  @Test
  void requests_that_are_taken_back_at_once_end_the_connection_and_harm_nobody_else()
      throws IOException {
    try (Http2Client rapid = connect();
        Http2Client other = connect()) {
      try {
        for (int stream = 1; stream < 2_000; stream += 2) {
          rapid.request(stream, true, "GET", "/health/live");
          rapid.cancel(stream);
        }
      } catch (IOException cut) {
        // The gateway may have ended the connection before all was sent.
      }
      await().until(() -> rapid.closed);
      assertThat(rapid.frame(Http2Client.GOAWAY, 0).error()).isEqualTo(ENHANCE_YOUR_CALM);
      other.request(1, true, "GET", "/health/live");
      assertThat(other.status(1)).isEqualTo("200");
    }
  }

  @Test
  void headers_in_endless_small_pieces_end_the_connection() throws IOException {
    try (Http2Client client = connect()) {
      try {
        client.send(
            Http2Client.HEADERS, Http2Client.END_STREAM, 1, client.block(1, "GET", "/health/live"));
        for (int i = 0; i < 100; i++) {
          client.send(Http2Client.CONTINUATION, 0, 1, new byte[0]);
        }
      } catch (IOException cut) {
        // The gateway may have ended the connection before all was sent.
      }
      await().until(() -> client.closed);
      assertThat(client.answers).isEmpty();
    }
  }

  private static Http2Client connect() throws IOException {
    return Http2Client.connect(sluice.gateway.port(), trust);
  }

  private static String[] authorization() {
    return new String[] {"authorization", "Bearer " + sluice.key};
  }

  private static String[] with(String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "authorization";
    all[headers.length + 1] = "Bearer " + sluice.key;
    return all;
  }
}
