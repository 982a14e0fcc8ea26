package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who fails too often is slowed down, then not heard for a while; nobody else is. */
class LockoutAtTheGateTest {
  private static final String ATTACKER = "192.0.2.66";
  private static final String OWNER = "198.51.100.1";

  private final TestClock clock = new TestClock();
  private final TestGateway sluice = open(3);

  private TestGateway open(int failuresMax) {
    return new TestGateway(
        config ->
            Minted.configured(
                Elsewhere.trusting(
                    config.auth(config.auth().lockout(failuresMax, Duration.ofMinutes(5))))),
        clock);
  }

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void a_thousand_wrong_logins_for_a_key_do_not_lock_out_its_owner() {
    String guess = Elsewhere.madeUp(Elsewhere.id(sluice.key));
    for (int i = 0; i < 3; i++) {
      assertThat(Elsewhere.show(sluice, ATTACKER, guess).status()).isEqualTo(401);
    }
    int lookups = sluice.directory.lookups;
    for (int i = 0; i < 997; i++) {
      assertThat(Elsewhere.show(sluice, ATTACKER, guess).status()).isEqualTo(429);
    }
    assertThat(sluice.directory.lookups).as("a block is before any look-up").isEqualTo(lookups);
    assertThat(Elsewhere.show(sluice, OWNER, sluice.key).status()).isEqualTo(200);
    assertThat(Elsewhere.issue(sluice, OWNER, sluice.key).status()).isEqualTo(200);
  }

  @Test
  void a_block_says_when_to_come_back_and_ends_then() {
    block(ATTACKER);
    Answer answer = Elsewhere.show(sluice, ATTACKER, sluice.key);
    assertThat(answer.status()).as("even the right key, never seen there").isEqualTo(429);
    assertThat(answer.code()).isEqualTo("too_many_failures");
    assertThat(answer.header("Retry-After")).isEqualTo("300");
    clock.move(Duration.ofMinutes(5));
    assertThat(Elsewhere.show(sluice, ATTACKER, sluice.key).status()).isEqualTo(200);
  }

  @Test
  void a_block_is_audited_once_and_measured() {
    block(ATTACKER);
    block("2001:db8::1");
    List<AuditEvent> blocks =
        sluice.audit.events.stream().filter(it -> it.action() == Action.BLOCK).toList();
    assertThat(blocks).hasSize(2);
    assertThat(blocks.getFirst().address()).contains(ATTACKER);
    assertThat(blocks.getLast().details()).containsEntry("network", "2001:db8::");
    assertThat(sluice.meters.scrape())
        .contains("sluice_auth_blocked_total 2.0")
        .contains("sluice_auth_blocked_addresses 2.0");
    clock.move(Duration.ofMinutes(5));
    assertThat(sluice.meters.scrape()).contains("sluice_auth_blocked_addresses 0.0");
  }

  @Test
  void tokens_and_the_token_endpoint_count_and_are_blocked_alike() {
    assertThat(Elsewhere.show(sluice, ATTACKER, "made.up.token").status()).isEqualTo(401);
    assertThat(Elsewhere.issue(sluice, ATTACKER, "nonsense").status()).isEqualTo(401);
    String refresh = "grant_type=refresh_token&refresh_token=rt_" + "A".repeat(43);
    assertThat(Elsewhere.form(sluice, ATTACKER, refresh).status()).isEqualTo(400);
    for (Answer answer :
        List.of(
            Elsewhere.issue(sluice, ATTACKER, sluice.key),
            Elsewhere.form(sluice, ATTACKER, refresh))) {
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.json().path("error").asText()).isEqualTo("temporarily_unavailable");
      assertThat(answer.header("Retry-After")).isEqualTo("300");
    }
    assertThat(Elsewhere.show(sluice, ATTACKER, "made.up.token").status()).isEqualTo(429);
  }

  @Test
  void what_is_shown_to_be_revoked_counts_and_is_blocked_alike() {
    String refresh =
        Elsewhere.issue(sluice, OWNER, sluice.key).json().path("refresh_token").asText();
    List<String> made = List.of("made.up.token", "nonsense", "rt_" + "A".repeat(43));
    for (String token : made) {
      assertThat(revoke(ATTACKER, token).status()).as("no error (RFC 7009)").isEqualTo(200);
    }
    assertThat(sluice.audit.events)
        .filteredOn(it -> it.action() == Action.AUTHENTICATE)
        .extracting(it -> it.details().get("cause"))
        .containsExactly("form", "unknown");
    Answer blocked = revoke(ATTACKER, refresh);
    assertThat(blocked.status()).isEqualTo(429);
    assertThat(blocked.header("Retry-After")).isEqualTo("300");
    assertThat(revoke(OWNER, refresh).status()).isEqualTo(200);
  }

  private Answer revoke(String address, String token) {
    return sluice.send(
        "POST",
        "/oauth/revoke",
        "token=" + token,
        "X-Forwarded-For",
        address,
        "Authorization",
        "",
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  @Test
  void a_neighbour_who_was_let_in_before_is_heard_during_a_block() {
    String newcomer = sluice.key("other", Set.of("batch"));
    String token = accessToken(Elsewhere.issue(sluice, ATTACKER, sluice.key));
    block(ATTACKER);
    assertThat(Elsewhere.show(sluice, ATTACKER, sluice.key).status()).isEqualTo(200);
    assertThat(Elsewhere.show(sluice, ATTACKER, token).status()).isEqualTo(200);
    String next = accessToken(Elsewhere.issue(sluice, ATTACKER, sluice.key));
    assertThat(Elsewhere.show(sluice, ATTACKER, next).status()).isEqualTo(200);
    assertThat(Elsewhere.show(sluice, ATTACKER, newcomer).status()).isEqualTo(429);
    assertThat(
            Elsewhere.show(sluice, ATTACKER, Elsewhere.madeUp(Elsewhere.id(sluice.key))).status())
        .as("a name that is known there opens nothing")
        .isEqualTo(401);
  }

  @Test
  void a_right_key_after_wrong_ones_starts_anew() {
    String guess = Elsewhere.madeUp(Elsewhere.id(sluice.key));
    for (int round = 0; round < 5; round++) {
      Elsewhere.show(sluice, OWNER, guess);
      Elsewhere.show(sluice, OWNER, guess);
      assertThat(Elsewhere.show(sluice, OWNER, sluice.key).status()).isEqualTo(200);
    }
  }

  @Test
  void a_spoofed_address_helps_nobody() {
    try (TestGateway untrusting =
        new TestGateway(
            config -> config.auth(config.auth().lockout(3, Duration.ofMinutes(5))), clock)) {
      for (int i = 0; i < 3; i++) {
        Elsewhere.show(untrusting, "192.0.2." + i, "nonsense");
      }
      assertThat(Elsewhere.show(untrusting, "192.0.2.9", "nonsense").status()).isEqualTo(429);
    }
  }

  @Test
  void public_pages_and_requests_without_a_credential_are_not_blocked() {
    block(ATTACKER);
    String[] from = {"X-Forwarded-For", ATTACKER, "Authorization", ""};
    assertThat(sluice.get("/health/live", from).status()).isEqualTo(200);
    assertThat(sluice.get("/v1/jobs", from).status()).isEqualTo(401);
  }

  @Test
  void failures_are_slowed_down_before_they_are_blocked() {
    try (TestGateway patient = open(10)) {
      long before = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        assertThat(Elsewhere.show(patient, ATTACKER, "nonsense").status()).isEqualTo(401);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThan(Duration.ofMillis(100 + 200 + 400 - 10));
    }
  }

  private void block(String address) {
    for (int i = 0; i < 3; i++) {
      String key = ApiKeys.generate("x", Set.of(), Instant.now()).text();
      assertThat(Elsewhere.show(sluice, address, key).status()).isEqualTo(401);
    }
  }

  private static String accessToken(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("access_token").asText();
  }
}
