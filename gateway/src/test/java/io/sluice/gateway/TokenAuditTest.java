package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent.Action;
import io.sluice.gateway.TestGateway.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens where nothing can be written down. */
class TokenAuditTest {
  private final TestGateway sluice = new TestGateway(Minted::configured);

  @AfterEach
  void close() {
    sluice.close();
  }

  private static void assertUnwritten(Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("audit_unavailable");
    assertThat(answer.body()).doesNotContain("_token\"");
  }

  @Test
  void no_token_is_handed_out_and_a_retry_gets_one_when_it_can_be_written_again() {
    String refresh = Minted.issue(sluice).json().path("refresh_token").asText();
    sluice.audit.away = true;
    assertUnwritten(Minted.issue(sluice));
    assertUnwritten(Minted.refresh(sluice, refresh));
    sluice.audit.away = false;
    assertThat(Minted.issue(sluice).status()).isEqualTo(200);
    assertThat(Minted.refresh(sluice, refresh).status()).isEqualTo(200);
    assertThat(sluice.audit.events).anyMatch(event -> event.action() == Action.TOKEN_REFRESH);
  }

  @Test
  void a_log_that_is_slow_is_named_as_what_is_slow() {
    sluice.audit.hangs = true;
    assertUnwritten(Minted.issue(sluice));
  }

  @Test
  void a_revocation_takes_effect_all_the_same_and_is_not_called_done() {
    Answer issued = Minted.issue(sluice);
    String refresh = issued.json().path("refresh_token").asText();
    sluice.audit.away = true;
    assertUnwritten(Minted.form(sluice, "/oauth/revoke", "token=" + refresh));
    sluice.audit.away = false;
    assertThat(Minted.refresh(sluice, refresh).status()).isEqualTo(400);
  }
}
