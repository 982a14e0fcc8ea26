package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.ApiKey;
import io.sluice.gateway.TestGateway.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bodies of all requests have a bound together, and nobody takes the room of others. */
class BodyMemoryTest {
  private static final int ONE = 1_000_000;
  private static final long ALL = 4 * ONE;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final TestGateway sluice =
      new TestGateway(
          config ->
              Minted.configured(config)
                  .limits(config.limits().bodyBytesMax(ONE).bodiesBytesMax(ALL))
                  .timing(new Timing(LONG, LONG, LONG, Duration.ZERO)));
  private final List<RawClient> clients = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    leave();
    sluice.close();
  }

  private void leave() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  /** Begins a submission, whose body does not come to its end. */
  private void begin(String key, int bytes) throws IOException {
    RawClient client = new RawClient(sluice);
    clients.add(client);
    client.send(
        """
        POST /v1/jobs HTTP/1.1\r
        Host: x\r
        Authorization: Bearer %s\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        %s"""
            .formatted(key, ONE, " ".repeat(bytes)));
  }

  private double taken() {
    return sluice.meters.get("sluice.gateway.bodies.bytes").gauge().value();
  }

  @Test
  void a_tenant_has_a_share_whatever_it_declares_and_others_have_theirs() throws IOException {
    String second = sluice.key("default", ApiKey.ALL_SCOPES);
    String other = sluice.key("other", ApiKey.ALL_SCOPES);
    begin(sluice.key, ONE / 2);
    begin(second, ONE / 2 - 10_000);
    await().until(() -> taken() >= ONE - 10_000);
    String large = chat(" ".repeat(20_000));
    Answer refused = sluice.post(large);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("too_many_bodies");
    assertThat(refused.header("Retry-After")).isEqualTo("2");
    assertThat(sluice.post(large, "Authorization", "Bearer " + other).status()).isEqualTo(202);
    leave();
    await().until(() -> taken() == 0);
    assertThat(sluice.post(large).status()).isEqualTo(202);
    assertThat(taken()).as("a body that was made use of").isZero();
  }

  @Test
  void all_tenants_together_have_no_more_than_there_is() throws IOException {
    for (int i = 0; i < 3; i++) {
      begin(sluice.key("tenant-" + i, ApiKey.ALL_SCOPES), ONE - 20_000);
    }
    await().until(() -> taken() >= 3 * (ONE - 20_000));
    assertThat(sluice.post(chat(" ".repeat(100_000))).code()).isEqualTo("overloaded");
    assertThat(taken()).isLessThan(ALL);
  }

  @Test
  void strangers_take_room_from_each_other_only() throws IOException {
    for (int i = 0; i < 60; i++) {
      RawClient client = new RawClient(sluice);
      clients.add(client);
      client.send(
          """
          POST /oauth/token HTTP/1.1\r
          Host: x\r
          Content-Type: application/x-www-form-urlencoded\r
          Content-Length: 8000\r
          \r
          """
              + "x".repeat(100));
    }
    await().until(() -> taken() >= 247_000);
    Answer refused = Minted.issue(sluice);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().path("error").asText()).isEqualTo("temporarily_unavailable");
    assertThat(sluice.post(chat(" ".repeat(100_000))).status()).isEqualTo(202);
  }

  @Test
  void who_may_submit_nothing_is_refused_before_the_body() throws IOException {
    begin(sluice.key("default", Set.of("batch", "admin")), 10);
    assertThat(clients.getFirst().status()).isEqualTo(403);
  }
}
