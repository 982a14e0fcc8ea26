package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.sluice.Pool;
import io.sluice.cli.Captured;
import io.sluice.cli.Refusal;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.compose.Transport;
import io.sluice.cli.doctor.OpenEngine;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.EngineTlsSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.OpenAiSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.tls.ClientTls;
import io.sluice.tls.IdentityFiles;
import io.sluice.tls.TestAuthority;
import io.sluice.tls.TlsFront;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses of the loopback stand in for those that other hosts would reach. */
class DoctorCommandTest {
  /** A loaded machine must not fail a test. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path folder;
  private static TestAuthority authority;
  private static ClientTls engineTls;

  @BeforeAll
  static void issue() {
    authority = TestAuthority.in(folder.resolve("tls"));
    engineTls =
        new ClientTls(
            Optional.of(authority.certificate()),
            Optional.of(authority.issue("engine", "dns:localhost")));
  }

  @Test
  void all_is_well_with_an_engine_on_the_loopback_alone() {
    try (EngineSim engine = EngineSim.start(SimConfig.DEFAULT)) {
      Captured looked = doctor(Map.of("SLUICE_ENGINE_URL", engine.uri().toString()));
      assertThat(looked.exit()).as(looked.out()).isZero();
      assertThat(looked.out())
          .contains("ok       settings       set: SLUICE_ENGINE_URL")
          .contains("ok       java           Java ")
          .contains("ok       certificate    none: the gateway speaks HTTP, on the loopback only")
          .contains("ok       engine         answers at " + engine.uri() + ", version ")
          .contains("ok       engine         has qwen3:14b")
          .contains("ok       engine access  not reachable from other hosts");
    }
  }

  @Test
  void an_openai_server_is_asked_in_its_protocol_and_with_its_key() {
    OpenAiSim locked = OpenAiSim.DEFAULT.key("sk-right").cacheTokens(9168);
    try (EngineSim engine = EngineSim.start(SimConfig.DEFAULT, locked)) {
      Map<String, String> settings =
          Map.of("SLUICE_ENGINE_URL", engine.uri() + "/v1", "SLUICE_ENGINE_KIND", "openai");
      Map<String, String> withKey = new HashMap<>(settings);
      withKey.put("SLUICE_ENGINE_API_KEY", "sk-right");
      Captured looked = doctor(withKey);
      assertThat(looked.exit()).as(looked.out()).isZero();
      assertThat(looked.out())
          .contains("ok       engine         answers at " + engine.uri())
          .contains("ok       engine         has qwen3:14b")
          .contains("ok       engine         has room for 9168 tokens")
          .doesNotContain("sk-right");
      Captured refused = doctor(settings);
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.out()).contains("refused the key: set --engine-api-key-file");
    }
  }

  @Test
  void an_engine_that_listens_everywhere_is_found_open() {
    try (EngineSim engine = EngineSim.start(SimConfig.DEFAULT.listen("0.0.0.0", 0))) {
      Captured looked = doctor(Map.of("SLUICE_ENGINE_URL", engine.uri().toString()), "--json");
      assertThat(looked.exit()).isEqualTo(1);
      JsonNode finding = finding(looked, "engine access");
      assertThat(finding.path("verdict").asText()).isEqualTo("failed");
      assertThat(finding.path("sentence").asText())
          .endsWith("without Sluice at http://127.0.0.2:" + engine.port());
      assertThat(finding.path("advice").asText()).contains("127.0.0.1");
    }
  }

  @Test
  void a_worker_that_was_told_to_refuses_an_engine_that_other_hosts_reach() throws Exception {
    OpenEngine here = OpenEngine.here();
    try (EngineSim open = EngineSim.start(SimConfig.DEFAULT.listen("0.0.0.0", 0));
        EngineSim closed = EngineSim.start(SimConfig.DEFAULT);
        Broker refusing = broker("open", open.uri());
        Broker working = broker("closed", closed.uri())) {
      org.junit.jupiter.api.Assumptions.assumeFalse(
          here.of(open.uri()).isEmpty(), "this machine has no address but the loopback's");
      org.junit.jupiter.api.Assumptions.assumeTrue(
          here.of(closed.uri()).isEmpty(), "another engine on this machine is open");
      assertThatThrownBy(refusing::work)
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("other hosts reach the model without Sluice at http://");
      working.work();
    }
  }

  @Test
  void tls_that_asks_for_a_certificate_closes_an_engine_and_tls_alone_does_not()
      throws IOException, InterruptedException {
    try (EngineSim engine = EngineSim.start(SimConfig.DEFAULT);
        TlsFront asking = TlsFront.start(engineTls, engine.port());
        TlsFront open = TlsFront.open(engineTls, engine.port())) {
      OpenEngine local =
          new OpenEngine(List.of(InetAddress.getByName("127.0.0.1")), asking.port(), PATIENCE);
      assertThat(local.of(asking.uri())).isEmpty();
      assertThat(local.of(open.uri())).containsExactly("https://127.0.0.1:" + open.port());
    }
  }

  @Test
  void an_engine_with_known_flaws_fails() throws IOException {
    HttpServer old = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    old.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"version\":\"0.17.0\",\"models\":[]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    old.start();
    try {
      Captured looked =
          doctor(Map.of("SLUICE_ENGINE_URL", "http://127.0.0.1:" + old.getAddress().getPort()));
      assertThat(looked.exit()).isEqualTo(1);
      assertThat(looked.out())
          .contains("failed   engine         version 0.17.0 has known flaws")
          .contains("warning  engine         has no model");
    } finally {
      old.stop(0);
    }
  }

  @Test
  void what_does_not_answer_fails_in_time_and_holds_nothing_else_up() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String port = ":" + silent.getLocalPort();
      Captured looked =
          doctor(
              Duration.ofSeconds(3),
              Map.of(
                  "SLUICE_ENGINE_URL", "http://127.0.0.1" + port,
                  "SLUICE_AMQP_URL", "amqp://u:secret@127.0.0.1" + port,
                  "SLUICE_REDIS_URL", "redis://:secret@127.0.0.1" + port));
      assertThat(looked.exit()).isEqualTo(1);
      assertThat(looked.out().lines().filter(line -> line.startsWith("failed")))
          .extracting(line -> line.split("\\s+")[1])
          .containsExactly("rabbitmq", "redis", "engine");
      assertThat(looked.out()).contains("ok       java").doesNotContain("secret");
    }
  }

  @Test
  void an_engine_that_is_not_there_is_told_in_words() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }
    assertThat(doctor(Map.of("SLUICE_ENGINE_URL", "http://127.0.0.1:" + port)).out())
        .contains("no answer at http://127.0.0.1:" + port + ": the model server does not answer")
        .doesNotContain("null");
  }

  @Test
  void what_redis_says_of_itself_is_judged() throws IOException {
    assertThat(redis("6.0.16", "1", "noeviction")).contains("failed   redis          version 6.0");
    assertThat(redis("7.2.4", "1", "noeviction")).contains("warning  redis").contains("CVE-2025");
    String good = redis("8.2.2", "1", "noeviction");
    assertThat(good)
        .contains("ok       redis          answers, version 8.2.2")
        .contains("ok       redis          keeps what it is given")
        .contains("ok       redis          in clear, on the loopback only");
    assertThat(redis("8.2.2", "0", "allkeys-lru"))
        .contains("failed   redis          would lose jobs")
        .contains("set: appendonly yes; maxmemory-policy noeviction");
  }

  @Test
  void a_certificate_is_judged_by_its_dates_its_names_and_its_key() {
    IdentityFiles good = authority.issue("good", "dns:localhost");
    assertThat(certificate(good, "127.0.0.1"))
        .contains("ok       certificate    matches its key, expires ")
        .contains("ok       certificate    is for localhost")
        .contains("issued by CN=ca");
    assertThat(certificate(authority.issueFor(3, "soon", "dns:localhost"), "127.0.0.1"))
        .contains("warning  certificate    expires soon");
    assertThat(certificate(authority.issueFor(-2, "past", "dns:localhost"), "127.0.0.1"))
        .contains("failed   certificate    not valid now");
    assertThat(certificate(authority.issue("other", "dns:elsewhere.lan"), "127.0.0.1"))
        .contains("warning  certificate    has none of the names 127.0.0.1, localhost");
    assertThat(certificate(new IdentityFiles(good.certificate(), Path.of("/none")), "127.0.0.1"))
        .contains("failed   certificate    cannot read /none");
    assertThat(doctor(Map.of("SLUICE_HOST", "0.0.0.0")).out())
        .contains("warning  certificate    none: the gateway speaks HTTP in clear");
  }

  @Test
  void settings_that_are_wrong_are_findings_too() {
    Captured looked = doctor(Map.of("SLUICE_PROT", "1", "SLUICE_SLOTS", "x"), "--json");
    assertThat(looked.exit()).isEqualTo(1);
    assertThat(Json.parse(looked.out()))
        .extracting(one -> one.path("sentence").asText())
        .contains("SLUICE_PROT: there is no such setting")
        .hasSize(2);
  }

  private static String certificate(IdentityFiles files, String host) {
    return doctor(
            Map.of(
                "SLUICE_HOST", host,
                "SLUICE_TLS_CERT", files.certificate().toString(),
                "SLUICE_TLS_KEY", files.key().toString()))
        .out();
  }

  private static String redis(String version, String aof, String policy) throws IOException {
    String info =
        "redis_version:%s\r\naof_enabled:%s\r\nmaxmemory_policy:%s\r\n"
            .formatted(version, aof, policy);
    String answer = "$" + info.length() + "\r\n" + info + "\r\n";
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var socket = server.accept()) {
                  socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  // The test sees that there was no answer.
                }
              });
      String address = "127.0.0.1:" + server.getLocalPort();
      return doctor(
              Map.of(
                  "SLUICE_REDIS_URL",
                  "redis://" + address,
                  "SLUICE_AMQP_URL",
                  "amqp://127.0.0.1:1"))
          .out();
    }
  }

  private static JsonNode finding(Captured looked, String about) {
    return StreamSupport.stream(Json.parse(looked.out()).spliterator(), false)
        .filter(one -> one.path("about").asText().equals(about))
        .findFirst()
        .orElseThrow();
  }

  /** The command, for whom 127.0.0.2 is what other hosts reach. */
  private static Captured doctor(Map<String, String> environment, String... arguments) {
    return doctor(PATIENCE, environment, arguments);
  }

  private static Captured doctor(
      Duration patience, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("SLUICE_ENGINE_URL", "http://127.0.0.1:1");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console console = new Console(InputStream.nullInputStream(), print, print, all, false, false);
    int exit =
        new DoctorCommand(console, DoctorCommandTest::elsewhere, patience)
            .commandLine()
            .execute(arguments);
    return new Captured(exit, out.toString(StandardCharsets.UTF_8), "");
  }

  private static OpenEngine elsewhere() {
    try {
      return new OpenEngine(List.of(InetAddress.getByName("127.0.0.2")), 1, PATIENCE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Broker broker(String name, URI engine) throws IOException {
    Plan plan =
        new Plan(
            new ListenSettings("127.0.0.1", 0),
            Files.createDirectories(folder.resolve(name)),
            Optional.empty(),
            List.of(Pool.parse("qwen3:14b")),
            new EngineSettings(engine, EngineSettings.Kind.OLLAMA, 2),
            new WorkerSettings(Duration.ofSeconds(5), Optional.empty()),
            new LimitSettings(100, 100, Duration.ZERO, 1000, List.of(), List.of()));
    return Broker.open(
        plan.transport(
            new Transport(Optional.empty(), ClientTls.DEFAULT, EngineTlsSettings.Check.REFUSE)));
  }
}
