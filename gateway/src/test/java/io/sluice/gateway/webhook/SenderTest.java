package io.sluice.gateway.webhook;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.gateway.webhook.Receiver.Reply;
import io.sluice.gateway.webhook.Sender.Answer;
import io.sluice.gateway.webhook.Sender.Problem;
import io.sluice.tls.ClientTls;
import io.sluice.tls.IdentityFiles;
import io.sluice.tls.TestAuthority;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One message, once, to the address that was checked. */
class SenderTest {
  private static final Names LOOPBACK = name -> List.of(InetAddress.getByName("127.0.0.1"));
  private static final List<WebhookSecret> SECRETS = List.of(WebhookSecret.random());

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private Answer send(Sender sender, String url) throws InterruptedException {
    Message message = new Message("evt_1", "{\"type\":\"job.completed\"}".getBytes());
    return sender.send(URI.create(url), message, SECRETS, Instant.now());
  }

  private Sender sender(Duration deadline, ClientTls trust) {
    return new Sender(vertx, Local.allowed(deadline, trust), LOOPBACK);
  }

  private Sender sender() {
    return sender(Duration.ofSeconds(15), ClientTls.DEFAULT);
  }

  private record Seen(String host, String servername) {}

  private int tlsServer(IdentityFiles files, List<Seen> seen) {
    HttpServer server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setSsl(true)
                .setSni(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertPath(files.certificate().toString())
                        .setKeyPath(files.key().toString())));
    server.requestHandler(
        http -> {
          seen.add(
              new Seen(
                  http.getHeader("Host"), String.valueOf(http.connection().indicatedServerName())));
          http.response().setStatusCode(200).end();
        });
    return await(server.listen(0, "127.0.0.1")).actualPort();
  }

  @Test
  void the_name_is_kept_for_the_certificate_and_the_server() throws InterruptedException {
    TestAuthority authority = TestAuthority.in(folder);
    List<Seen> seen = new CopyOnWriteArrayList<>();
    int port = tlsServer(authority.issue("hooks", "dns:hooks.example.com"), seen);
    ClientTls trust =
        ClientTls.of(Optional.of(authority.certificate()), Optional.empty(), Optional.empty());
    Sender sender = sender(Duration.ofSeconds(15), trust);

    assertThat(send(sender, "https://hooks.example.com:" + port + "/"))
        .isEqualTo(new Answer.Status(200, Optional.empty()));
    assertThat(seen).containsExactly(new Seen("hooks.example.com:" + port, "hooks.example.com"));
    assertThat(send(sender, "https://other.example.com:" + port + "/"))
        .isInstanceOfSatisfying(
            Answer.None.class, it -> assertThat(it.problem()).isEqualTo(Problem.TLS_FAILED));
    assertThat(send(sender(), "https://hooks.example.com:" + port + "/"))
        .isInstanceOfSatisfying(
            Answer.None.class, it -> assertThat(it.problem()).isEqualTo(Problem.TLS_FAILED));
    assertThat(seen).hasSize(1);
  }

  @Test
  void an_address_that_is_not_allowed_is_not_connected_to() throws InterruptedException {
    try (Receiver receiver = new Receiver()) {
      Sender strict =
          new Sender(
              vertx,
              new WebhookConfig(
                  true,
                  List.of(new PortRange(1, 65_535)),
                  List.of(),
                  Duration.ofHours(1),
                  Duration.ofSeconds(15),
                  ClientTls.DEFAULT),
              LOOPBACK);
      String port = receiver.url("").replaceAll(".*:", "");

      assertThat(send(strict, "http://rebound.example.com:" + port + "/"))
          .isInstanceOfSatisfying(
              Answer.None.class, it -> assertThat(it.problem()).isEqualTo(Problem.UNREACHABLE));
      assertThat(receiver.received).isEmpty();
    }
  }

  @Test
  void a_url_that_is_not_allowed_any_more_is_not_connected_to() throws InterruptedException {
    try (Receiver receiver = new Receiver()) {
      int port = URI.create(receiver.url("")).getPort();
      for (WebhookConfig stricter :
          List.of(
              Local.allowed(false, new PortRange(1, 65_535)),
              Local.allowed(true, new PortRange(port + 1, port + 1)))) {
        assertThat(send(new Sender(vertx, stricter, LOOPBACK), receiver.url("/")))
            .isInstanceOfSatisfying(
                Answer.None.class, it -> assertThat(it.problem()).isEqualTo(Problem.UNREACHABLE));
      }
      assertThat(receiver.received).isEmpty();
    }
  }

  private int server(Consumer<HttpServerRequest> handler) {
    return await(vertx.createHttpServer().requestHandler(handler::accept).listen(0, "127.0.0.1"))
        .actualPort();
  }

  @Test
  void who_does_not_answer_in_time_is_given_up() throws InterruptedException {
    int port = server(http -> {});

    assertThat(send(sender(Duration.ofSeconds(1), ClientTls.DEFAULT), "http://127.0.0.1:" + port))
        .isInstanceOfSatisfying(
            Answer.None.class, it -> assertThat(it.problem()).isEqualTo(Problem.TIMEOUT));
  }

  @Test
  void an_answer_that_never_ends_is_cut_off_and_counts() throws InterruptedException {
    int port =
        server(
            http -> {
              http.response().setChunked(true).setStatusCode(202);
              vertx.setPeriodic(1, tick -> http.response().write("x".repeat(4096)));
            });

    assertThat(send(sender(), "http://127.0.0.1:" + port))
        .isEqualTo(new Answer.Status(202, Optional.empty()));
  }

  @Test
  void an_answer_that_dawdles_counts_when_the_time_is_up() throws InterruptedException {
    int port = server(http -> http.response().setChunked(true).setStatusCode(200).write("a"));

    assertThat(send(sender(Duration.ofSeconds(1), ClientTls.DEFAULT), "http://127.0.0.1:" + port))
        .isEqualTo(new Answer.Status(200, Optional.empty()));
  }

  @Test
  void a_head_without_end_is_no_answer() throws InterruptedException {
    int port =
        server(http -> http.response().putHeader("x", "y".repeat(20_000)).setStatusCode(200).end());

    assertThat(send(sender(), "http://127.0.0.1:" + port))
        .isInstanceOfSatisfying(
            Answer.None.class, it -> assertThat(it.problem()).isEqualTo(Problem.BROKEN_ANSWER));
  }

  @Test
  void nobody_there_is_unreachable() throws InterruptedException {
    int port = 0;
    try (Receiver gone = new Receiver()) {
      port = URI.create(gone.url("/")).getPort();
    }

    assertThat(send(sender(), "http://127.0.0.1:" + port))
        .isInstanceOfSatisfying(
            Answer.None.class, it -> assertThat(it.problem()).isEqualTo(Problem.UNREACHABLE));
  }

  @Test
  void a_wish_to_be_left_alone_is_heard_in_seconds() throws InterruptedException {
    try (Receiver receiver = new Receiver()) {
      receiver.answers = it -> new Reply(429, Map.of("Retry-After", "120"), "");
      assertThat(send(sender(), receiver.url("/")))
          .isEqualTo(new Answer.Status(429, Optional.of(Duration.ofMinutes(2))));
      receiver.answers =
          it -> new Reply(429, Map.of("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"), "");
      assertThat(send(sender(), receiver.url("/")))
          .isEqualTo(new Answer.Status(429, Optional.empty()));
    }
  }
}
