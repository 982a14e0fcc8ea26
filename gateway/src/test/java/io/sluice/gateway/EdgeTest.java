package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two servers in a row could read differently, sent byte by byte. */
class EdgeTest {
  private static final TestGateway SLUICE = new TestGateway();
  private static final int DEADLINE_MS = 10_000;

  @AfterAll
  static void close() {
    SLUICE.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: 2~Transfer-Encoding: chunked~~0~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: 2~Content-Length: 3~~{}|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: +2~~{}|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Transfer-Encoding: xchunked~~0~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Transfer-Encoding : chunked~~0~~|400",
        "GET /v1/jobs HTTP/1.1~Host: x~Host: y~~|400",
        "GET /v1/jobs/%zz HTTP/1.1~Host: x~~|400",
        "GET /v1/jobs/% HTTP/1.1~Host: x~~|400",
        "GET /v1/jobs HTTP/1.1~~|400",
        "GET http://evil.example/health/live HTTP/1.1~Host: x~~|400",
        "GET /v1/jobs HTTP/1.1~Host: x~Authorization: Bearer a~Authorization: Bearer b~~|400",
        "GET /v1/jobs HTTP/1.1~Host: x~Authorization: Bearer a~X-Api-Key: b~~|400",
        "GET /health/live HTTP/1.1~Host: x~X: a~ b~~|400",
        "GET /health/live HTTP/1.1~Host: x~X: a~\tb~~|400",
        "GET /health/live HTTP/1.1~Host:~ x~~|400",
        "GET /health/live HTTP/1.1~ Host: x~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Transfer-Encoding:~ chunked~~0~~|400",
        "TRACE /health/live HTTP/1.1~Host: x~~|405",
        "NONSENSE~~|400",
      })
  void is_refused_and_the_connection_ends(String request, int status) throws IOException {
    String answer = exchange(request.replace("~", "\r\n"));
    assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*");
    assertThat(answer).contains("application/problem+json").endsWith("}");
  }

  @Test
  void more_than_64_headers_or_8_kib_of_them_are_431_and_long_lines_414() throws IOException {
    StringBuilder many = new StringBuilder("GET /health/live HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 64; i++) {
      many.append("h").append(i).append(": x\r\n");
    }
    String large = "GET /health/live HTTP/1.1\r\nHost: x\r\nh: " + "x".repeat(9_000) + "\r\n\r\n";
    String line = "GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(exchange(many + "\r\n")).startsWith("HTTP/1.1 431 ");
    assertThat(exchange(large)).startsWith("HTTP/1.1 431 ");
    assertThat(exchange(line)).startsWith("HTTP/1.0 414 ");
  }

  @Test
  void a_declared_body_that_is_too_large_is_refused_before_it_is_sent() throws IOException {
    assertThat(exchange(head(100_000_000) + "{")).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void a_body_that_drips_in_is_cut_off_at_its_deadline() throws IOException {
    assertThat(exchange(head(100) + "{")).startsWith("HTTP/1.1 408 ");
  }

  @Test
  void an_upgrade_to_http2_in_clear_is_not_taken() throws IOException {
    String upgrade =
        "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", SLUICE.gateway.port())) {
      socket.setSoTimeout(DEADLINE_MS);
      socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.ISO_8859_1));
      byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200 ".length());
      assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 ");
    }
  }

  @Test
  void a_client_that_asks_before_it_sends_is_told_to_go_on() throws IOException {
    String body = TestGateway.chat("hi");
    String request =
        head(body.length())
            .replace("\r\n\r\n", "\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
    assertThat(exchange(request + body)).startsWith("HTTP/1.1 100 ").contains("HTTP/1.1 202 ");
  }

  @Test
  void several_event_loops_share_one_port() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (TestGateway many = new TestGateway(config -> config.listen(port, 4))) {
      assertThat(many.gateway.port()).isEqualTo(port);
      for (int i = 0; i < 20; i++) {
        many.submit();
      }
    }
  }

  private static String head(long length) {
    return "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n".formatted(SLUICE.key)
        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n".formatted(length);
  }

  /** Sends bytes, and reads until the gateway ends the connection. */
  private static String exchange(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", SLUICE.gateway.port())) {
      socket.setSoTimeout(DEADLINE_MS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
