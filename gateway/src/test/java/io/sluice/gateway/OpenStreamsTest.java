package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.ApiKey;
import io.sluice.Await;
import io.sluice.JobId;
import io.sluice.Leases.Lease;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.gateway.TestGateway.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams do not outlive what let them in, nor their bounds. */
class OpenStreamsTest {
  private static final Optional<String> START = Optional.empty();
  private static final StreamBounds STANDARD = StreamBounds.DEFAULT;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private TestGateway sluice = gateway(STANDARD);

  private TestGateway gateway(StreamBounds streams) {
    return new TestGateway(
        config -> Minted.configured(config).limits(config.limits().streams(streams)), now::get);
  }

  private void restart(StreamBounds streams) {
    sluice.close();
    sluice = gateway(streams);
  }

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void the_streams_of_a_revoked_key_end_with_the_reason_and_no_other_does() {
    JobId id = sluice.submit();
    String other = sluice.key("default", ApiKey.ALL_SCOPES);
    try (SseReader first = SseReader.open(sluice, id, START);
        SseReader second = SseReader.open(sluice, id, START);
        SseReader others = SseReader.as(other, sluice, id)) {
      revoke(sluice.key);
      await().until(() -> first.ended && second.ended);
      assertThat(first.types()).containsExactly("error");
      SseReader.Event told = first.events.getFirst();
      assertThat(told.id()).as("the position stays").isEmpty();
      assertThat(Json.parse(told.data()).path("code").asText()).isEqualTo("unauthorized");
      assertThat(Json.parse(told.data()).path("status").asInt()).isEqualTo(401);
      sluice.store.claim(id);
      await().until(() -> others.types().equals(List.of("start")));
      assertThat(others.ended).isFalse();
    }
    await().until(() -> sluice.store.log.watching() == 0);
  }

  @Test
  void the_stream_of_a_token_ends_when_the_token_is_revoked() {
    JobId id = sluice.submit();
    String token = Minted.issue(sluice).json().path("access_token").asText();
    try (SseReader reader = SseReader.as(token, sluice, id)) {
      Minted.form(sluice, "/oauth/revoke", "token=" + token);
      await().until(() -> reader.ended);
      assertThat(reader.types()).containsExactly("error");
    }
  }

  @Test
  void the_stream_of_a_token_ends_when_the_token_does() {
    String patient = TestGateway.chat("hi").replaceFirst("\\{", "{\"class\":\"batch\",");
    JobId id = new JobId(sluice.post(patient).json().path("id").asText());
    String token = Minted.issue(sluice).json().path("access_token").asText();
    try (SseReader reader = SseReader.as(token, sluice, id);
        SseReader others = SseReader.open(sluice, id, START)) {
      move(Duration.ofMinutes(15).plusSeconds(31));
      await().until(() -> reader.ended);
      assertThat(reader.types()).containsExactly("error");
      assertThat(others.ended).isFalse();
    }
  }

  @Test
  void while_nobody_can_say_whether_a_key_holds_its_streams_go_on_for_a_minute() {
    JobId id = sluice.submit();
    try (SseReader reader = SseReader.open(sluice, id, START)) {
      sluice.directory.away = true;
      askedAgain();
      move(Duration.ofSeconds(59));
      askedAgain();
      assertThat(reader.ended).isFalse();
      move(Duration.ofSeconds(2));
      await().until(() -> reader.ended);
      assertThat(Json.parse(reader.events.getFirst().data()).path("code").asText())
          .isEqualTo("store_unavailable");
    }
  }

  private void askedAgain() {
    int asked = sluice.directory.lookups;
    await().until(() -> sluice.directory.lookups > asked + 2);
  }

  @Test
  void a_wait_that_outlasts_its_key_tells_nothing() {
    JobId id = sluice.submit();
    CompletableFuture<Answer> polled =
        CompletableFuture.supplyAsync(() -> sluice.get("/v1/jobs/" + id + "?wait=30"));
    await().until(() -> sluice.store.log.watching() == 1);
    revoke(sluice.key);
    Lease lease = sluice.store.claim(id);
    forgotten(sluice.key);
    sluice.store.tokens(lease, 1, "secret");
    sluice.store.finish(id, MemoryStore.completed("secret"));
    Answer answer = polled.join();
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).doesNotContain("secret");
  }

  /** Until the gateway has noticed: what the directory said is remembered for half a second. */
  private void forgotten(String key) {
    await().until(() -> sluice.get("/v1/jobs", "Authorization", "Bearer " + key).status() == 401);
  }

  @Test
  void a_stream_ends_at_its_longest_life_and_its_reader_misses_nothing() {
    restart(STANDARD.life(Duration.ofMillis(200)));
    JobId id = sluice.submit();
    Lease lease = sluice.store.claim(id);
    List<String> types = new ArrayList<>();
    Optional<String> at = START;
    for (int round = 0; round < 3; round++) {
      sluice.store.tokens(lease, 1 + round, "text " + round);
      try (SseReader reader = SseReader.open(sluice, id, at)) {
        await().until(() -> reader.ended);
        assertThat(reader.comments).isPositive();
        types.addAll(reader.types());
        at = Optional.of(reader.events.getLast().id());
      }
    }
    assertThat(types).containsExactly("start", "token", "token", "token");
  }

  @Test
  void a_reader_that_takes_nothing_is_cut_off() throws IOException {
    restart(
        new StreamBounds(9, 9, 9, STANDARD.life(), Duration.ofMillis(300), STANDARD.unknownMax()));
    JobId id = sluice.submit();
    Lease lease = sluice.store.claim(id);
    try (Socket socket = new Socket("127.0.0.1", sluice.gateway.port())) {
      socket.setReceiveBufferSize(4 * 1024);
      ask(socket, id, sluice.key);
      await().until(() -> sluice.store.log.watching() == 1);
      String text = "x".repeat(10_000);
      for (int i = 0; i < 2_000; i++) {
        sluice.store.tokens(lease, 1 + i, text);
      }
      await().until(() -> sluice.store.log.watching() == 0);
    }
  }

  @Test
  void a_tenant_has_a_bound_over_all_its_keys() {
    restart(TestGateway.streams(2, 3, 9));
    JobId id = sluice.submit();
    String second = sluice.key("default", ApiKey.ALL_SCOPES);
    List<SseReader> open = new ArrayList<>();
    open.add(SseReader.open(sluice, id, START));
    open.add(SseReader.open(sluice, id, START));
    open.add(SseReader.as(second, sluice, id));
    Answer refused = sluice.get("/v1/jobs/" + id + "/events", "Authorization", "Bearer " + second);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().path("detail").asText()).contains("tenant");
    open.forEach(SseReader::close);
  }

  @Test
  void a_thousand_streams_of_one_key_are_capped_and_others_are_served() throws IOException {
    restart(TestGateway.streams(100, 9_000, 9_000));
    JobId id = sluice.submit();
    String other = sluice.key("other", ApiKey.ALL_SCOPES);
    List<Socket> sockets = new ArrayList<>();
    try {
      int open = 0;
      for (int i = 0; i < 1_000; i++) {
        Socket socket = new Socket("127.0.0.1", sluice.gateway.port());
        sockets.add(socket);
        ask(socket, id, sluice.key);
        String status =
            new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        assertThat(status).isIn("HTTP/1.1 200", "HTTP/1.1 429");
        open += status.endsWith("200") ? 1 : 0;
      }
      assertThat(open).isEqualTo(100);
      Answer submitted = sluice.post(TestGateway.chat("hi"), "Authorization", "Bearer " + other);
      assertThat(submitted.status()).isEqualTo(202);
      JobId theirs = new JobId(submitted.json().path("id").asText());
      try (SseReader reader = SseReader.as(other, sluice, theirs)) {
        sluice.store.claim(theirs);
        await().until(() -> reader.types().equals(List.of("start")));
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static void ask(Socket socket, JobId id, String key) throws IOException {
    socket.setSoTimeout(10_000);
    socket
        .getOutputStream()
        .write(
            "GET /v1/jobs/%s/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(id, key)
                .getBytes(StandardCharsets.US_ASCII));
  }

  private void revoke(String key) {
    Await.await(sluice.directory.revoke(ApiKeys.parse(key).orElseThrow().id(), now.get()));
  }

  private void move(Duration time) {
    now.updateAndGet(at -> at.plus(time));
  }
}
