package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.JobId;
import io.sluice.gateway.tls.TlsConfig;
import io.sluice.tls.ClientTls;
import io.sluice.tls.IdentityFiles;
import io.sluice.tls.TestAuthority;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final int ALERT = 21;
  private static final int PROTOCOL_VERSION = 70;

  @TempDir static Path authorities;
  private static TestAuthority authority;
  private static ClientTls trust;
  private static IdentityFiles first;
  private static IdentityFiles second;

  @TempDir Path folder;
  private IdentityFiles shown;
  private TestGateway sluice;

  @BeforeAll
  static void issue() {
    authority = TestAuthority.in(authorities);
    trust = new ClientTls(Optional.of(authority.certificate()), Optional.empty());
    first = authority.issue("first", "dns:localhost");
    second = authority.issueRsa("second", "dns:localhost");
  }

  @BeforeEach
  void start() throws IOException {
    shown = new IdentityFiles(folder.resolve("tls.pem"), folder.resolve("tls.key"));
    show(first);
    sluice =
        new TestGateway(
            config ->
                config.tls(
                    Optional.of(
                        new TlsConfig(shown, Duration.ofMillis(30), Duration.ofSeconds(2)))),
            InstantSource.system(),
            Optional.of(trust));
  }

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void http2_and_http11_are_served_over_tls() throws Exception {
    HttpClient old =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trust.context())
            .build();
    HttpResponse<String> answer = ask(old);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    answer = ask(sluice.client());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(sluice.post("{").status()).isEqualTo(400);
    sluice.submit();
  }

  @Test
  void a_client_that_does_not_know_the_authority_does_not_come_in() {
    assertThatThrownBy(() -> ask(HttpClient.newHttpClient())).isInstanceOf(SSLException.class);
  }

  @Test
  void plain_http_gets_no_answer() throws IOException {
    assertThat(
            exchange(
                "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
        .asString(StandardCharsets.ISO_8859_1)
        .doesNotContain("HTTP");
  }

  @Test
  void a_connection_that_does_not_shake_hands_is_closed() throws IOException {
    assertThat(exchange(new byte[0])).isEmpty();
    assertThat(exchange(new byte[] {22, 3, 1})).doesNotContain((byte) 22);
  }

  @Test
  void tls_1_1_is_refused() throws IOException {
    byte[] alert = exchange(clientHello(2));
    assertThat(alert[0]).isEqualTo((byte) ALERT);
    assertThat(alert[6]).isEqualTo((byte) PROTOCOL_VERSION);
    assertThat(exchange(clientHello(3))[6]).as("1.2").isNotEqualTo((byte) PROTOCOL_VERSION);
  }

  @Test
  void only_suites_with_authenticated_encryption_and_fresh_keys_are_offered() throws IOException {
    List<String> refused = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (String suite : trust.context().getDefaultSSLParameters().getCipherSuites()) {
      (offers(suite) ? taken : refused).add(suite);
    }
    assertThat(taken)
        .isNotEmpty()
        .allMatch(suite -> suite.contains("GCM") || suite.contains("CHACHA20"))
        .noneMatch(suite -> suite.startsWith("TLS_RSA_"));
    assertThat(refused).anyMatch(suite -> suite.contains("_CBC_"));
  }

  @Test
  void a_new_certificate_is_shown_to_new_connections_and_open_streams_live_on() throws Exception {
    JobId id = sluice.submit();
    try (SseReader reader = SseReader.open(sluice, id, Optional.empty())) {
      assertThat(serial()).isEqualTo(first.read().serial());
      assertThat(sluice.meters.get("sluice.tls.certificate.expires.seconds").gauge().value())
          .isBetween(29 * 86_400.0, 30 * 86_400.0);
      show(second);
      await().until(() -> serial().equals(second.read().serial()));
      sluice.store.claim(id);
      sluice.store.finish(id, MemoryStore.completed("Hello"));
      await().until(() -> reader.ended);
      assertThat(reader.types()).containsExactly("start", "end");
    }
    await().until(() -> !reloads().isEmpty());
    AuditEvent reload = reloads().getFirst();
    assertThat(reload.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(reload.target()).contains(second.read().serial());
  }

  @Test
  void a_bad_new_file_keeps_the_old_certificate_and_is_told_once() throws Exception {
    Files.writeString(shown.certificate(), "nothing of the kind");
    await().until(() -> reloads().size() == 1);
    assertThat(reloads().getFirst().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(serial()).isEqualTo(first.read().serial());

    Files.copy(second.certificate(), shown.certificate(), StandardCopyOption.REPLACE_EXISTING);
    await().until(() -> reloads().size() == 2);
    assertThat(reloads().getLast().details().get("reason")).contains("is not the key of");
    assertThat(sluice.meters.get("sluice.tls.reload.failed").counter().count()).isEqualTo(2);
    assertThat(serial()).isEqualTo(first.read().serial());

    show(second);
    await().until(() -> serial().equals(second.read().serial()));
    assertThat(sluice.meters.get("sluice.tls.reload.failed").counter().count()).isEqualTo(2);
  }

  @Test
  void a_new_certificate_that_has_expired_is_not_taken() throws Exception {
    show(authority.issueFor(-2, "expired", "dns:localhost"));
    await().until(() -> !reloads().isEmpty());
    assertThat(reloads().getFirst().details().get("reason")).contains("has expired");
    assertThat(serial()).isEqualTo(first.read().serial());
  }

  private List<AuditEvent> reloads() {
    return sluice.audit.events.stream()
        .filter(event -> event.action() == Action.CERTIFICATE_RELOAD)
        .toList();
  }

  private HttpResponse<String> ask(HttpClient client) throws IOException, InterruptedException {
    return client.send(
        sluice.request("GET", "/health/live", ""), HttpResponse.BodyHandlers.ofString());
  }

  /** The serial number that a new connection is shown. */
  private String serial() throws IOException {
    try (SSLSocket socket = connect()) {
      socket.startHandshake();
      X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return certificate.getSerialNumber().toString(16);
    }
  }

  private boolean offers(String suite) throws IOException {
    try (SSLSocket socket = connect()) {
      socket.setEnabledCipherSuites(new String[] {suite});
      socket.startHandshake();
      return true;
    } catch (SSLException e) {
      return false;
    }
  }

  private SSLSocket connect() throws IOException {
    return (SSLSocket)
        trust.context().getSocketFactory().createSocket("localhost", sluice.gateway.port());
  }

  /** Sends bytes, and reads until the gateway ends the connection. */
  private byte[] exchange(byte[] bytes) throws IOException {
    try (Socket socket = new Socket("localhost", sluice.gateway.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().readAllBytes();
    }
  }

  /** The first message of TLS 1.{@code minor - 1}, with one suite and no extensions. */
  private static byte[] clientHello(int minor) {
    byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 4 + 2];
    hello[0] = 22;
    hello[1] = 3;
    hello[2] = 1;
    hello[4] = (byte) (hello.length - 5);
    hello[5] = 1;
    hello[8] = (byte) (hello.length - 9);
    hello[9] = 3;
    hello[10] = (byte) minor;
    hello[45] = 2;
    hello[46] = (byte) 0xc0;
    hello[47] = 0x2b;
    hello[48] = 1;
    return hello;
  }

  /** Puts files where the gateway looks. */
  private void show(IdentityFiles files) throws IOException {
    Files.copy(
        files.key(),
        shown.key(),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(files.certificate(), shown.certificate(), StandardCopyOption.REPLACE_EXISTING);
  }
}
