package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two servers in a row could read differently, sent byte by byte. */
class EdgeTest {
  private static final TestGateway SLUICE = new TestGateway();
  private static final int DEADLINE_MS = 10_000;

  @AfterAll
  static void close() {
    SLUICE.close();
  }

  /** In each, {@code ~} ends a line, {@code ^} is a bare line feed, {@code @} a tab. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: 2~Transfer-Encoding: chunked~~0~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: 2~Content-Length: 3~~{}|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: 2~Content-Length: 2~~{}|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: 0, 0~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: +2~~{}|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: -1~~{}|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length: 0x2~~{}|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Content-Length : 2~~{}|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Transfer-Encoding: xchunked~~0~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Transfer-Encoding: chunked, identity~~0~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Transfer-Encoding: identity~Transfer-Encoding: chunked~~0~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Transfer-Encoding : chunked~~0~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Transfer-Encoding:~ chunked~~0~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~Transfer_Encoding: chunked~~0~~|400",
        "POST /v1/jobs HTTP/1.0~Host: x~Transfer-Encoding: chunked~~0~~|400",
        "GET /health/live HTTP/1.1^Host: x^^|400",
        "GET /health/live HTTP/1.1~Host: x~X: a~ b~~|400",
        "GET /health/live HTTP/1.1~Host: x~X: a~@b~~|400",
        "GET /health/live HTTP/1.1~Host:~ x~~|400",
        "GET /health/live HTTP/1.1~ Host: x~~|400",
        "GET /v1/jobs HTTP/1.1~Host: x~Host: y~~|400",
        "GET /v1/jobs HTTP/1.1~Host: x~X_Real_IP: y~~|400",
        "GET /v1/jobs HTTP/1.1~Host: x~: y~~|400",
        "POST /v1/jobs HTTP/1.1~Host: x~: Transfer-Encoding: chunked~~0~~|400",
        "GET /v1/jobs/%zz HTTP/1.1~Host: x~~|400",
        "GET /v1/jobs/% HTTP/1.1~Host: x~~|400",
        "GET /v1/jobs HTTP/1.1~~|400",
        "GET /v1/jobs HTTP/1.1~Host: evil/?~~|400",
        "GET /v1/jobs HTTP/1.1~Host: a@b~~|400",
        "GET http://evil.example/health/live HTTP/1.1~Host: x~~|400",
        "GET http://x/health/live HTTP/1.1~Host: x~~|400",
        "GET /v1/jobs HTTP/1.1~Host: x~Authorization: Bearer a~Authorization: Bearer b~~|400",
        "GET /v1/jobs HTTP/1.1~Host: x~Authorization: Bearer a~X-Api-Key: b~~|400",
        "TRACE /health/live HTTP/1.1~Host: x~~|405",
        "CONNECT x:443 HTTP/1.1~Host: x:443~~|405",
        "FETCH /health/live HTTP/1.1~Host: x~~|405",
        "NONSENSE~~|400",
      })
  void is_refused_and_the_connection_ends(String request, int status) throws IOException {
    String smuggled = "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n";
    String sent = request.replace("~", "\r\n").replace('^', '\n');
    String answer = exchange((request.contains("a@b") ? sent : sent.replace('@', '\t')) + smuggled);
    assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*");
    assertThat(answer).contains("application/problem+json").endsWith("}");
    assertThat(answer.split("HTTP/1\\.")).as("one answer and no more").hasSize(2);
  }

  /** The head is good, and answered; what follows is no body, and nothing behind it is read. */
  @ParameterizedTest
  @ValueSource(
      strings = {"100000004\r\n{}", "0x0\r\n\r\n", "-1\r\n\r\n", "2;a\nb\r\n{}\r\n0\r\n\r\n"})
  void a_chunk_that_is_none_ends_the_connection(String chunk) throws IOException {
    String answer =
        exchange(
            "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                    .formatted(SLUICE.key)
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk
                + "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answer).doesNotContain("HTTP/1.1 2").doesNotContain("openapi: 3");
  }

  @ParameterizedTest
  @CsvSource({
    "POST /nothing,401",
    "GET /v1/jobs,401",
    "GET /health/live,200",
    "PUT /openapi.yaml,405"
  })
  void a_body_that_nobody_waits_for_does_not_keep_the_connection(String request, int status)
      throws IOException {
    assertThat(exchange(request + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void head_is_get_without_its_body_and_a_stream_has_none() throws IOException {
    String close =
        " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + SLUICE.key;
    assertThat(exchange("HEAD /openapi.yaml" + close + "\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("content-length: ")
        .endsWith("\r\n\r\n");
    assertThat(exchange("HEAD /v1/jobs/%s/events".formatted(SLUICE.submit()) + close + "\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ");
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
    assertThat(exchange(chunked() + "1\r\n{\r\n")).startsWith("HTTP/1.1 408 ");
  }

  @Test
  void a_chunked_body_that_is_too_large_is_refused_while_it_is_sent() throws IOException {
    String chunk = "100000\r\n" + "x".repeat(0x100000) + "\r\n";
    assertThat(exchange(chunked() + chunk.repeat(9))).startsWith("HTTP/1.1 413 ");
  }

  private static String chunked() {
    return head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
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
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(answer);
      } catch (SocketException reset) {
        // What was sent after the answer was not read: that is how a connection ends then.
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
