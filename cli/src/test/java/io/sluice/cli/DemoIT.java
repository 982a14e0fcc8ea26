package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its users run it: the built jar, in processes. */
class DemoIT {
  /** No engine answers there. */
  private static final Map<String, String> NO_ENGINE =
      Map.of("SLUICE_ENGINE_URL", "http://127.0.0.1:1");

  @TempDir Path folder;

  @Test
  void demo_shows_jobs_streamed_and_finished_and_says_what_is_simulated() {
    Captured demo = Sluice.run(folder, NO_ENGINE, "demo", "--once", "--port", "0");
    assertThat(demo.exit()).as(demo.out() + demo.err()).isZero();
    assertThat(demo.out()).contains("simulated", "(Simulated answer, no model ran.)");
    assertThat(demo.out().lines().filter(line -> line.matches(" {2}\\d .* s .* s .*\\w+ed?")))
        .hasSize(6);
    assertThat(demo.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(demo.err()).isEmpty();
  }

  @Test
  void demo_takes_a_free_port_where_its_own_is_taken_and_serves_until_it_is_stopped()
      throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        Sluice demo =
            Sluice.start(
                folder, NO_ENGINE, "demo", "--port", String.valueOf(taken.getLocalPort()))) {
      String url = demo.awaitLine("  address   ");
      String key = demo.awaitLine("  key       ");
      assertThat(demo.out()).contains(taken.getLocalPort() + " is taken");
      Captured submitted =
          Sluice.run(
              folder,
              Map.of("SLUICE_URL", url, "SLUICE_API_KEY", key, "SLUICE_MODEL", "qwen3:14b"),
              "submit",
              "Why do rivers meander?");
      assertThat(submitted.exit()).as(submitted.err()).isZero();
      demo.terminate();
      assertThat(demo.awaitExit()).isZero();
    }
  }

  @Test
  void up_serves_client_commands_until_it_is_told_to_stop_and_keeps_its_jobs() {
    try (EngineSim engine = EngineSim.start(SimConfig.DEFAULT.answerTokens(20))) {
      Map<String, String> environment =
          Map.of(
              "SLUICE_DATA", folder.resolve("data").toString(),
              "SLUICE_ENGINE_URL", engine.uri().toString());
      String id;
      try (Sluice up = Sluice.start(folder, environment, "up", "--port", "0")) {
        String url = up.awaitLine("sluice ready ");
        assertThat(up.out().lines()).hasSize(1);
        Captured submitted =
            Sluice.run(folder, environment, "submit", "--server", url, "--json", "hello");
        assertThat(submitted.exit()).as(submitted.err()).isZero();
        JsonNode job = Json.parse(submitted.out());
        assertThat(job.path("state").asText()).isEqualTo("completed");
        id = job.path("id").asText();
        up.terminate();
        assertThat(up.awaitExit()).as(up.err()).isZero();
      }
      try (Sluice up = Sluice.start(folder, environment, "up", "--port", "0")) {
        String url = up.awaitLine("sluice ready ");
        Captured watched = Sluice.run(folder, environment, "watch", id, "--server", url);
        assertThat(watched.out()).startsWith("(Simulated answer");
      }
    }
  }

  @Test
  void up_holds_jobs_while_no_engine_answers_and_runs_them_when_one_does() {
    int port;
    try (EngineSim found = EngineSim.start(SimConfig.DEFAULT)) {
      port = found.port();
    }
    Map<String, String> environment =
        Map.of(
            "SLUICE_DATA",
            folder.resolve("data").toString(),
            "SLUICE_ENGINE_URL",
            "http://127.0.0.1:" + port);
    try (Sluice up = Sluice.start(folder, environment, "up", "--port", "0")) {
      String url = up.awaitLine("sluice ready ");
      assertThat(up.err()).contains("no engine answers");
      String id =
          Sluice.run(folder, environment, "submit", "--detach", "--server", url, "hello")
              .out()
              .strip();
      try (EngineSim engine = EngineSim.start(SimConfig.DEFAULT.port(port))) {
        Captured watched = Sluice.run(folder, environment, "watch", id, "--server", url);
        assertThat(watched.exit()).as(watched.err()).isZero();
        assertThat(engine.stats().completed()).isPositive();
      }
    }
  }

  @Test
  void a_second_up_on_the_same_data_and_a_taken_port_are_refused() {
    Map<String, String> environment =
        Map.of(
            "SLUICE_DATA",
            folder.resolve("data").toString(),
            "SLUICE_ENGINE_URL",
            "http://127.0.0.1:1");
    try (Sluice up = Sluice.start(folder, environment, "up", "--port", "0")) {
      String url = up.awaitLine("sluice ready ");
      Captured second = Sluice.run(folder, environment, "up", "--port", "0");
      assertThat(second.exit()).isEqualTo(Exit.CANNOT_START.code());
      assertThat(second.err()).contains("in use by another sluice");
      String port = url.substring(url.lastIndexOf(':') + 1);
      Captured taken =
          Sluice.run(
              folder,
              environment,
              "up",
              "--port",
              port,
              "--data",
              folder.resolve("other").toString());
      assertThat(taken.exit()).isEqualTo(Exit.CANNOT_START.code());
      assertThat(taken.err()).contains("port " + port + " is taken");
      Captured created = Sluice.run(folder, environment, "key", "create", "--tenant", "acme");
      assertThat(created.exit()).as(created.err()).isZero();
      assertThat(created.out()).startsWith("sk_");
    }
  }
}
