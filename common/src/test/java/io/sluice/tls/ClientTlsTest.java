package io.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTlsTest {
  @TempDir Path folder;

  @Test
  void a_client_shows_and_trusts_what_its_files_hold_at_each_handshake() throws Exception {
    TestAuthority first = TestAuthority.in(folder.resolve("first"));
    TestAuthority second = TestAuthority.in(folder.resolve("second"));
    IdentityFiles shown = new IdentityFiles(folder.resolve("c.pem"), folder.resolve("c.key"));
    Path trusted = folder.resolve("ca.pem");
    copy(first.issue("client"), shown);
    Files.copy(first.certificate(), trusted);
    SSLContext context = new ClientTls(Optional.of(trusted), Optional.of(shown)).context();
    try (Echo before = new Echo(first);
        Echo after = new Echo(second)) {
      assertThat(answers(context, before)).isTrue();
      assertThat(answers(context, after)).isFalse();
      copy(second.issue("client"), shown);
      Files.copy(second.certificate(), trusted, StandardCopyOption.REPLACE_EXISTING);
      await().until(() -> answers(context, after));

      Files.writeString(trusted, "nothing of the kind");
      Files.writeString(shown.certificate(), "nothing of the kind");
      await().during(java.time.Duration.ofMillis(1500)).until(() -> answers(context, after));
    }
  }

  @Test
  void files_that_are_wrong_from_the_start_are_told_at_once() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    assertThatThrownBy(() -> new ClientTls(Optional.of(empty), Optional.empty()).context())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(empty + ": it has no BEGIN CERTIFICATE");
  }

  private static boolean answers(SSLContext context, Echo server) {
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.front.port())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write('x');
      return socket.getInputStream().read() == 'x';
    } catch (IOException refused) {
      return false;
    }
  }

  private static void copy(IdentityFiles from, IdentityFiles to) throws IOException {
    Files.copy(
        from.key(),
        to.key(),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(from.certificate(), to.certificate(), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Sends back what it gets, behind TLS. */
  private static final class Echo implements AutoCloseable {
    private final ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final TlsFront front;

    Echo(TestAuthority authority) throws IOException {
      Optional<Path> clients = Optional.of(authority.certificate());
      Optional<IdentityFiles> own = Optional.of(authority.issue("server", "dns:localhost"));
      front = TlsFront.start(new ClientTls(clients, own), plain.getLocalPort());
      threads.submit(
          () -> {
            while (true) {
              var socket = plain.accept();
              threads.submit(() -> socket.getInputStream().transferTo(socket.getOutputStream()));
            }
          });
    }

    @Override
    public void close() throws IOException {
      front.close();
      plain.close();
      threads.shutdownNow();
    }
  }
}
