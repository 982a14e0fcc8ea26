package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.JobId;
import io.sluice.address.AddressRange;
import io.sluice.gateway.auth.ForwardedHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many connections there may be, and how slowly they may speak. */
class ConnectionsTest {
  private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String LAST =
      "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  private static final int AHEAD = 5_000;
  private static final String LIVE_BODY = "{\"status\":\"live\"}";
  private static final Duration LONG = Duration.ofSeconds(60);

  private TestGateway sluice;
  private final List<RawClient> clients = new ArrayList<>();

  private void start(int max, int perAddressMax, Duration headDeadline) {
    sluice =
        new TestGateway(config -> config.limits(limits(config, max, perAddressMax, headDeadline)));
  }

  private static Bounds limits(
      GatewayConfig config, int max, int perAddressMax, Duration headDeadline) {
    return config
        .limits()
        .connections(
            ConnectionBounds.DEFAULT.bounds(max, perAddressMax).headDeadline(headDeadline));
  }

  @AfterEach
  void close() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    sluice.close();
  }

  private RawClient client() throws IOException {
    RawClient client = new RawClient(sluice);
    clients.add(client);
    return client;
  }

  @Test
  void one_address_has_so_many_and_what_is_over_is_closed_unread() throws IOException {
    start(100, 3, LONG);
    for (int i = 0; i < 3; i++) {
      assertThat(client().send(LIVE).status()).isEqualTo(200);
    }
    assertThat(client().isClosed()).isTrue();
    assertThat(refused("address")).isEqualTo(1);
    clients.getFirst().skipTo(LIVE_BODY);
    assertThat(clients.getFirst().send(LIVE).status()).as("the others go on").isEqualTo(200);
    clients.get(1).close();
    await().until(() -> sluice.meters.get("sluice.gateway.connections").gauge().value() == 2);
    assertThat(client().send(LIVE).status()).as("a place that was left is free").isEqualTo(200);
  }

  @Test
  void there_are_so_many_in_total_even_of_a_trusted_proxy() throws IOException {
    sluice =
        new TestGateway(
            config ->
                config
                    .limits(limits(config, 5, 2, LONG))
                    .auth(
                        config
                            .auth()
                            .proxies(
                                List.of(AddressRange.parse("127.0.0.1")),
                                ForwardedHeader.X_FORWARDED_FOR)));
    for (int i = 0; i < 5; i++) {
      assertThat(client().send(LIVE).status()).isEqualTo(200);
    }
    assertThat(client().isClosed()).isTrue();
    assertThat(refused("total")).isEqualTo(1);
  }

  @Test
  void a_connection_that_says_nothing_is_closed() throws IOException {
    start(10, 10, Duration.ofMillis(300));
    assertThat(client().isClosed()).isTrue();
    assertThat(sluice.meters.get("sluice.gateway.connections.late").counter().count()).isEqualTo(1);
  }

  @Test
  void a_head_that_drips_is_cut_off_however_busy_it_is() throws IOException {
    start(10, 10, Duration.ofMillis(300));
    assertThat(drips(client())).isTrue();
    RawClient second = client();
    assertThat(second.send(LIVE).status()).isEqualTo(200);
    second.skipTo(LIVE_BODY);
    assertThat(drips(second)).as("the second request of a connection").isTrue();
  }

  /** Sends a byte now and then, until the connection ends. */
  private static boolean drips(RawClient client) throws IOException {
    client.send("GET /health/live HTTP/1.1\r\nHost: x\r\nX: ");
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  client.send("x");
                  LockSupport.parkNanos(20_000_000);
                }
              } catch (IOException ended) {
                // As it should be.
              }
            });
    return client.isClosed();
  }

  @Test
  void polls_and_pauses_between_requests_may_be_longer_than_the_deadline_of_a_head()
      throws IOException {
    start(10, 10, Duration.ofMillis(300));
    JobId id = sluice.submit();
    RawClient client = client();
    client.send(
        "GET /v1/jobs/%s?wait=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(id, sluice.key));
    assertThat(client.status()).isEqualTo(200);
    client.skipTo("\"webhook\":null}");
    assertThat(client().isClosed()).as("longer than the deadline later").isTrue();
    assertThat(client.send(LIVE).status()).isEqualTo(200);
  }

  @Test
  void requests_that_are_sent_ahead_are_answered_in_their_order() throws IOException {
    start(10, 10, Duration.ofSeconds(5));
    RawClient client = client();
    client.send(LIVE.repeat(49) + LAST);
    assertThat(client.rest().split("HTTP/1.1 200 OK", -1)).hasSize(51);
  }

  @Test
  void however_many_are_sent_ahead_all_are_answered() throws IOException {
    start(10, 10, Duration.ofSeconds(5));
    RawClient strangers = client();
    strangers.send(LIVE.repeat(3_000) + LAST);
    assertThat(strangers.rest().split("HTTP/1.1 200 ", -1)).hasSize(3_002);
    String refused = client().send(LIVE.replace("/health/live", "/nothing").repeat(400)).rest();
    assertThat(refused.split("HTTP/1.1 401 ", -1)).as("one, and it ends").hasSize(2);
    RawClient client = client();
    client.send(job().repeat(200) + LAST);
    assertThat(client.rest().split("HTTP/1.1 202 ", -1)).hasSize(201);
    assertThat(sluice.queue.size()).isEqualTo(200);
  }

  @Test
  void what_is_sent_ahead_waits_while_the_answers_are_not_taken() throws IOException {
    start(10, 10, Duration.ofSeconds(5));
    sluice.store.waitingMax = AHEAD;
    RawClient client = new RawClient(sluice, 4 * 1024);
    clients.add(client);
    Thread.ofVirtual().start(() -> sends(client, job().repeat(AHEAD) + LAST));
    await().until(this::nothingMoves);
    assertThat(sluice.queue.size()).isBetween(1, AHEAD - 1);
    assertThat(client.rest().split("HTTP/1.1 202 ", -1)).hasSize(AHEAD + 1);
  }

  /** Whether for a second no job came in. */
  private boolean nothingMoves() {
    int before = sluice.queue.size();
    LockSupport.parkNanos(1_000_000_000);
    return before > 0 && sluice.queue.size() == before;
  }

  private static void sends(RawClient client, String text) {
    try {
      client.send(text);
    } catch (IOException ended) {
      // What came back tells.
    }
  }

  private String job() {
    String body = TestGateway.chat("hi");
    return "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n".formatted(sluice.key)
        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
  }

  @Test
  void a_long_answer_that_is_not_taken_is_cut_off_in_time_or_when_others_need_its_memory()
      throws IOException {
    sluice =
        new TestGateway(
            config ->
                config.limits(
                    config
                        .limits()
                        .connections(
                            ConnectionBounds.DEFAULT.unsent(1_000_000, Duration.ofSeconds(2)))));
    for (int i = 0; i < 20; i++) {
      JobId id = sluice.submit();
      sluice.store.claim(id);
      sluice.store.finish(id, MemoryStore.completed("x".repeat(1_000_000)));
    }
    RawClient first = list();
    await().until(() -> unsent() > 1_000_000);
    RawClient second = list();
    assertThat(first.rest()).as("cut in the middle").doesNotContain("\"has_more\"");
    assertThat(unsent()).as("the second is still there").isGreaterThan(1_000_000);
    assertThat(sluice.get("/v1/jobs?limit=1").status()).isEqualTo(200);
    await().until(() -> unsent() == 0);
    assertThat(second.rest()).as("cut in the middle").doesNotContain("\"has_more\"");
  }

  private RawClient list() throws IOException {
    return client()
        .send(
            "GET /v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(sluice.key));
  }

  private double unsent() {
    return sluice.meters.get("sluice.gateway.unsent.bytes").gauge().value();
  }

  private double refused(String bound) {
    return sluice
        .meters
        .get("sluice.gateway.connections.refused")
        .tag("bound", bound)
        .counter()
        .count();
  }
}
