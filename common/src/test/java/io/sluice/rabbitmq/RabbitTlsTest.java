package io.sluice.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Connection;
import io.sluice.TestServers;
import io.sluice.testservers.RabbitServer;
import io.sluice.testservers.ServerTls;
import io.sluice.tls.ClientTls;
import io.sluice.tls.IdentityFiles;
import io.sluice.tls.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A RabbitMQ whose TLS port takes only clients that show a certificate. */
class RabbitTlsTest {
  @TempDir static Path folder;
  private static TestAuthority authority;
  private static TestAuthority other;
  private static IdentityFiles client;
  private static RabbitServer server;

  @BeforeAll
  static void start() {
    authority = TestAuthority.in(folder.resolve("own"));
    other = TestAuthority.in(folder.resolve("other"));
    client = authority.issue("client");
    IdentityFiles identity = authority.issue("rabbit", "dns:localhost");
    server = TestServers.ownRabbit(new ServerTls(identity, authority.certificate(), true));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void is_used_by_who_trusts_its_authority_and_shows_a_certificate()
      throws IOException, TimeoutException {
    try (Connection connection = connect("amqps", "localhost", tls(authority, client))) {
      assertThat(connection.isOpen()).isTrue();
    }
  }

  @Test
  void tells_its_version_to_who_may_ask() throws IOException, TimeoutException {
    URI uri = URI.create("amqps://guest:guest@localhost:" + server.tlsPort());
    assertThat(RabbitLook.version(uri, tls(authority, client))).matches("[0-9.]+.*");
    assertThatThrownBy(() -> RabbitLook.version(uri, tls(other, client)))
        .isInstanceOfAny(IOException.class, TimeoutException.class);
  }

  @Test
  void is_not_used_where_another_authority_vouches_for_it() {
    refused("amqps", "localhost", tls(other, client));
    refused("amqps", "localhost", new ClientTls(Optional.empty(), Optional.of(client)));
  }

  @Test
  void is_not_used_under_a_name_that_its_certificate_does_not_have() {
    refused("amqps", "127.0.0.1", tls(authority, client));
  }

  @Test
  void lets_nobody_in_without_a_certificate_or_with_a_stranger_s() {
    Optional<Path> trusted = Optional.of(authority.certificate());
    refused("amqps", "localhost", new ClientTls(trusted, Optional.empty()));
    refused("amqps", "localhost", tls(authority, other.issue("stranger")));
  }

  @Test
  void lets_nobody_in_without_tls() {
    refused("amqp", "localhost", ClientTls.DEFAULT);
  }

  private static ClientTls tls(TestAuthority trusted, IdentityFiles shown) {
    return new ClientTls(Optional.of(trusted.certificate()), Optional.of(shown));
  }

  private static void refused(String scheme, String host, ClientTls tls) {
    assertThatThrownBy(() -> connect(scheme, host, tls).close())
        .isInstanceOfAny(IOException.class, TimeoutException.class);
  }

  private static Connection connect(String scheme, String host, ClientTls tls)
      throws IOException, TimeoutException {
    URI uri = URI.create(scheme + "://guest:guest@" + host + ":" + server.tlsPort());
    return Broker.at(uri, tls).connect("test");
  }
}
