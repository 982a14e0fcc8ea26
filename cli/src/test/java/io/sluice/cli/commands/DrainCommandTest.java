package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.cli.Captured;
import io.sluice.codec.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a drain is waited for, at a server that says what a test has it say. */
class DrainCommandTest {
  private static final String ID = "gpu-1-0a1b2c3d";

  private final Queue<Optional<String>> answers = new ArrayDeque<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/admin/v1/workers/" + ID, this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Optional<String> worker = answers.remove();
      byte[] body =
          worker.orElse("{\"code\":\"worker_not_found\"}").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(worker.isPresent() ? 200 : 404, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void worker(String state, int second) {
    String seen = "2026-01-01T00:00:0" + second + "Z";
    answers.add(
        Optional.of(
            Json.write(
                Json.object()
                    .put("id", ID)
                    .put("state", state)
                    .put("jobs", 1)
                    .put("seen_at", seen))));
  }

  private Captured drain() {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return Captured.run(Map.of("SLUICE_URL", url, "SLUICE_API_KEY", "sk_a"), "drain", ID, "--wait");
  }

  @Test
  void what_a_worker_said_before_it_was_told_does_not_make_it_drained() {
    worker("drained", 1);
    worker("drained", 1);
    worker("draining", 2);
    worker("drained", 3);
    assertThat(drain().out()).isEqualTo(ID + " is drained\n");
    assertThat(answers).isEmpty();
  }

  @Test
  void of_a_worker_that_is_not_heard_of_nobody_can_say_that_it_has_ended() {
    worker("draining", 1);
    answers.add(Optional.empty());
    Captured drained = drain();
    assertThat(drained.exit()).as(drained.err()).isZero();
    assertThat(drained.out())
        .isEqualTo(ID + " is not heard of any more: its process has ended, or reaches no store\n");
  }
}
