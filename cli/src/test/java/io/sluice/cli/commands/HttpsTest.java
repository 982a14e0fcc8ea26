package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Pool;
import io.sluice.cli.Captured;
import io.sluice.cli.Exit;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.FirstKey;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.compose.Transport;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.EngineTlsSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.gateway.tls.TlsConfig;
import io.sluice.tls.ClientTls;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TlsFront;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole Sluice over TLS, from the client to the engine. */
class HttpsTest {
  private static final Pool POOL = Pool.parse("qwen3:14b");

  @TempDir static Path data;
  private static TestAuthority authority;
  private static EngineSim engine;
  private static TlsFront front;
  private static Broker broker;
  private static URI url;

  @BeforeAll
  static void start() {
    authority = TestAuthority.in(data.resolve("tls"));
    ClientTls worker =
        new ClientTls(Optional.of(authority.certificate()), Optional.of(authority.issue("worker")));
    engine = EngineSim.start(SimConfig.DEFAULT.answerTokens(12));
    front =
        TlsFront.start(
            new ClientTls(
                Optional.of(authority.certificate()),
                Optional.of(authority.issue("engine", "dns:localhost"))),
            engine.uri().getPort());
    Plan plan =
        new Plan(
            new ListenSettings("127.0.0.1", 0),
            data,
            Optional.empty(),
            List.of(POOL),
            new EngineSettings(front.uri(), EngineSettings.Kind.OLLAMA, 2),
            new WorkerSettings(Duration.ofSeconds(5), Optional.empty()),
            new LimitSettings(100, 100, Duration.ZERO, 1000, List.of(), List.of()));
    TlsConfig shown = TlsConfig.of(authority.issue("gateway", "dns:localhost"));
    broker =
        Broker.open(
            plan.transport(new Transport(Optional.of(shown), worker, EngineTlsSettings.Check.OFF)));
    url = broker.serve();
    broker.work();
    FirstKey.ensure(broker, data.resolve("api-key"));
    ServedModel.remember(data, POOL);
    Awaitility.await().until(() -> broker.unready().isEmpty());
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
    front.close();
    engine.close();
  }

  @Test
  void its_address_has_a_name_that_its_certificate_has() {
    assertThat(url.toString()).isEqualTo("https://localhost:" + url.getPort());
  }

  @Test
  void a_client_that_knows_the_authority_submits_and_gets_the_answer() {
    Captured submitted = sluice(Map.of("SLUICE_CA", authority.certificate().toString()));
    assertThat(submitted.exit()).as(submitted.err()).isZero();
    assertThat(submitted.out()).startsWith("(Simulated answer, no model ran.)");
  }

  @Test
  void a_client_that_does_not_know_it_is_told_what_to_do() {
    Captured submitted = sluice(Map.of());
    assertThat(submitted.exit()).isEqualTo(Exit.UNAVAILABLE.code());
    assertThat(submitted.err()).contains("is not trusted").contains("--ca FILE");
  }

  @Test
  void a_client_that_asks_by_another_name_is_refused_too() {
    Captured submitted =
        sluice(
            Map.of(
                "SLUICE_CA",
                authority.certificate().toString(),
                "SLUICE_URL",
                "https://127.0.0.1:" + url.getPort()));
    assertThat(submitted.exit()).isEqualTo(Exit.UNAVAILABLE.code());
    assertThat(submitted.err()).contains("is not trusted, or not for that name");
  }

  @Test
  void a_wrong_authority_file_is_named() {
    Captured submitted = sluice(Map.of("SLUICE_CA", "/none"));
    assertThat(submitted.err()).contains("cannot read /none");
  }

  private static Captured sluice(Map<String, String> more) {
    Map<String, String> environment =
        new HashMap<>(Map.of("SLUICE_URL", url.toString(), "SLUICE_DATA", data.toString()));
    environment.putAll(more);
    return Captured.run(environment, "submit", "hello");
  }
}
