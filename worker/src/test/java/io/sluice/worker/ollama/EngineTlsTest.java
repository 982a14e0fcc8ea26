package io.sluice.worker.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.tls.ClientTls;
import io.sluice.tls.IdentityFiles;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TlsFront;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine behind TLS that takes only clients with a certificate. */
class EngineTlsTest {
  private static final Pool POOL = Pool.parse("qwen3:14b");
  private static final Duration WITHIN = Duration.ofSeconds(5);

  @TempDir static Path folder;
  private static TestAuthority authority;
  private static TestAuthority other;
  private static IdentityFiles worker;
  private static EngineSim engine;
  private static TlsFront front;

  @BeforeAll
  static void start() {
    authority = TestAuthority.in(folder.resolve("own"));
    other = TestAuthority.in(folder.resolve("other"));
    worker = authority.issue("worker");
    engine = EngineSim.start(SimConfig.DEFAULT);
    front =
        TlsFront.start(
            tls(authority, authority.issue("engine", "dns:localhost")), engine.uri().getPort());
  }

  @AfterAll
  static void stop() throws IOException {
    front.close();
    engine.close();
  }

  @Test
  void is_used_by_a_worker_that_trusts_its_authority_and_shows_a_certificate() {
    try (OllamaModelServer server = server(front.uri(), tls(authority, worker))) {
      assertThat(server.models(WITHIN)).contains("qwen3:14b");
      assertThat(server.probe(POOL)).isEmpty();
    }
  }

  @Test
  void gets_nothing_from_a_worker_that_cannot_trust_it() {
    refused(front.uri(), tls(other, worker));
    refused(front.uri(), ClientTls.DEFAULT);
    refused(URI.create("https://127.0.0.1:" + front.port()), tls(authority, worker));
  }

  @Test
  void answers_no_worker_without_a_certificate_or_with_a_stranger_s() {
    refused(front.uri(), new ClientTls(Optional.of(authority.certificate()), Optional.empty()));
    refused(front.uri(), tls(authority, other.issue("stranger")));
    refused(URI.create("http://localhost:" + front.port()), ClientTls.DEFAULT);
  }

  private static ClientTls tls(TestAuthority trusted, IdentityFiles shown) {
    return new ClientTls(Optional.of(trusted.certificate()), Optional.of(shown));
  }

  private static OllamaModelServer server(URI uri, ClientTls tls) {
    return new OllamaModelServer(uri, OllamaSettings.DEFAULT, tls);
  }

  private static void refused(URI uri, ClientTls tls) {
    try (OllamaModelServer server = server(uri, tls)) {
      assertThatThrownBy(() -> server.models(WITHIN)).isInstanceOf(Unavailable.class);
      assertThat(server.probe(POOL).map(Failure::code)).contains(FailureCode.ENGINE_UNREACHABLE);
    }
  }
}
