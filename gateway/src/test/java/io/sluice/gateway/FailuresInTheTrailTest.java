package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who could not get in, and who may not do what was asked, in the audit log. */
class FailuresInTheTrailTest {
  private final TestClock clock = new TestClock();
  private final TestGateway sluice = new TestGateway(Elsewhere::trusting, clock);

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void every_cause_has_its_word_and_the_client_sees_one_answer() {
    String revoked = sluice.key(it -> it.revoked(Instant.now()));
    String expired = sluice.key(it -> it.until(clock.instant().minusSeconds(1)));
    String unknown = ApiKeys.generate("x", Set.of(), Instant.now()).text();
    String known = Elsewhere.id(sluice.key);
    String one = refusal("malformed", "sk_" + "x".repeat(61), Optional.empty());
    assertThat(refusal("unknown", unknown, Optional.of(Elsewhere.id(unknown)))).isEqualTo(one);
    assertThat(refusal("secret", Elsewhere.madeUp(known), Optional.of(known))).isEqualTo(one);
    assertThat(refusal("revoked", revoked, Optional.of(Elsewhere.id(revoked)))).isEqualTo(one);
    assertThat(refusal("expired", expired, Optional.of(Elsewhere.id(expired)))).isEqualTo(one);
    assertThat(refusal("form", "not a token", Optional.empty())).isEqualTo(one);
  }

  private String refusal(String cause, String credential, Optional<String> keyId) {
    Answer answer = Elsewhere.show(sluice, "192.0.2.1", credential);
    assertThat(answer.status()).isEqualTo(401);
    AuditEvent event = sluice.audit.events.getLast();
    assertThat(event.action()).isEqualTo(Action.AUTHENTICATE);
    assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(event.address()).contains("192.0.2.1");
    assertThat(event.principal()).isEqualTo(keyId);
    assertThat(event.details()).containsEntry("cause", cause);
    assertThat(event.toString()).doesNotContain(credential);
    return answer.headers().get("www-authenticate") + answer.body();
  }

  @Test
  void hammering_is_two_entries_a_minute() {
    for (int i = 0; i < 100; i++) {
      Elsewhere.show(
          sluice, "2001:db8::" + i, ApiKeys.generate("x", Set.of(), Instant.now()).text());
    }
    assertThat(sluice.audit.events).as("one /64, one cause").hasSize(1);
    clock.move(Duration.ofSeconds(61));
    Elsewhere.show(sluice, "2001:db8::1", ApiKeys.generate("x", Set.of(), Instant.now()).text());
    assertThat(sluice.audit.events).hasSize(2);
    assertThat(sluice.audit.events.getLast().details()).containsEntry("times", "100");
    assertThat(sluice.meters.scrape())
        .contains("sluice_auth_refused_total{cause=\"unknown\",shown=\"key\"} 101.0");
  }

  @Test
  void a_request_without_any_credential_is_no_attempt() {
    assertThat(sluice.get("/v1/jobs", "Authorization", "").status()).isEqualTo(401);
    assertThat(sluice.audit.events).isEmpty();
  }

  @Test
  void a_missing_scope_is_told_with_who_and_what() {
    String weak = sluice.key("acme", Set.of("ollama:chat"));
    String body = chat("hi").replace("{\"model\"", "{\"class\":\"batch\",\"model\"");
    for (int i = 0; i < 3; i++) {
      Answer answer =
          sluice.post(body, "Authorization", "Bearer " + weak, "X-Forwarded-For", "192.0.2.1");
      assertThat(answer.status()).isEqualTo(403);
    }
    List<AuditEvent> told =
        sluice.audit.events.stream().filter(it -> it.action() == Action.AUTHORIZE).toList();
    assertThat(told).as("the others come together").hasSize(1);
    AuditEvent event = told.getFirst();
    assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(event.tenant()).contains("acme");
    assertThat(event.principal()).contains(Elsewhere.id(weak));
    assertThat(event.address()).contains("192.0.2.1");
    assertThat(event.target()).contains("POST /v1/jobs");
    assertThat(event.details())
        .containsEntry("scope", "batch")
        .containsEntry("cause", "insufficient_scope");
  }

  @Test
  void what_was_kept_back_is_told_when_the_gateway_stops() {
    TestGateway brief = new TestGateway(Elsewhere::trusting, clock);
    for (int i = 0; i < 5; i++) {
      Elsewhere.show(brief, "192.0.2.1", "nonsense");
    }
    brief.close();
    assertThat(brief.audit.events).hasSize(2);
    assertThat(brief.audit.events.getLast().details()).containsEntry("times", "4");
  }
}
