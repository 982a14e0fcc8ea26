package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Admission;
import io.sluice.TestServers;
import io.sluice.Unavailable;
import io.sluice.testservers.RedisServer;
import io.sluice.testservers.ServerTls;
import io.sluice.tls.ClientTls;
import io.sluice.tls.IdentityFiles;
import io.sluice.tls.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that speaks TLS only, and only with clients that show a certificate. */
class RedisTlsTest {
  @TempDir static Path folder;
  private static TestAuthority authority;
  private static TestAuthority other;
  private static IdentityFiles client;
  private static RedisServer server;

  @BeforeAll
  static void start() {
    authority = TestAuthority.in(folder.resolve("own"));
    other = TestAuthority.in(folder.resolve("other"));
    client = authority.issue("client");
    IdentityFiles identity = authority.issue("redis", "dns:localhost");
    server = TestServers.ownRedis(new ServerTls(identity, authority.certificate(), true));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void is_used_by_who_trusts_its_authority_and_shows_a_certificate() {
    try (Redis redis = Redis.connect(server.uri(), tls(authority, client), bounds())) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(await(redis.directory().keys())).isEmpty());
      redis.healthChecks().forEach(check -> await(check.check()));
    }
  }

  @Test
  void tells_of_itself_who_may_ask_and_says_why_others_may_not() throws IOException {
    RedisLook look = RedisLook.at(server.uri(), tls(authority, client));
    assertThat(look.value("redis_version")).matches("[0-9.]+");
    assertThat(look.value("aof_enabled")).isEqualTo("1");
    assertThat(look.value("maxmemory_policy")).isEqualTo("noeviction");
    assertThat(look.value("unheard_of")).isEmpty();
    URI elsewhere = URI.create("rediss://127.0.0.1:" + server.port());
    for (URI uri : List.of(elsewhere, URI.create("redis://localhost:" + server.port()))) {
      assertThatThrownBy(() -> RedisLook.at(uri, tls(authority, client)))
          .isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> RedisLook.at(server.uri(), tls(other, client)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void is_not_used_where_another_authority_vouches_for_it() {
    refused(server.uri(), tls(other, client));
  }

  @Test
  void is_not_used_under_a_name_that_its_certificate_does_not_have() {
    refused(URI.create("rediss://127.0.0.1:" + server.port()), tls(authority, client));
  }

  @Test
  void lets_nobody_in_without_a_certificate_or_with_a_stranger_s() {
    refused(server.uri(), new ClientTls(Optional.of(authority.certificate()), Optional.empty()));
    refused(server.uri(), tls(authority, other.issue("stranger")));
  }

  @Test
  void lets_nobody_in_without_tls() {
    refused(URI.create("redis://localhost:" + server.port()), ClientTls.DEFAULT);
  }

  private static ClientTls tls(TestAuthority trusted, IdentityFiles shown) {
    return new ClientTls(Optional.of(trusted.certificate()), Optional.of(shown));
  }

  private static void refused(URI uri, ClientTls tls) {
    try (Redis redis = Redis.connect(uri, tls, bounds())) {
      assertThatThrownBy(() -> await(redis.directory().keys())).isInstanceOf(Unavailable.class);
    }
  }

  private static Admission.Bounds bounds() {
    return Admission.Bounds.DEFAULT;
  }
}
