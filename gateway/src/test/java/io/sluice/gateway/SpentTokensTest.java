package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent.Action;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a refresh token and an API key may be spent on, and how often. */
class SpentTokensTest {
  private final TestClock clock = new TestClock();
  private final TestGateway sluice =
      new TestGateway(config -> Elsewhere.trusting(Minted.ed25519(config)), clock);

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void a_refresh_that_is_refused_or_fails_spends_nothing() {
    String bound = sluice.key(key -> key.from(java.util.List.of("192.0.2.0/24")));
    String token = refreshToken(Elsewhere.issue(sluice, "192.0.2.1", bound));
    String form = "grant_type=refresh_token&refresh_token=" + token;
    assertThat(refresh(form + "&scope=root").status()).isEqualTo(400);
    assertThat(Elsewhere.form(sluice, "198.51.100.1", form).status()).isEqualTo(400);
    sluice.audit.away = true;
    assertThat(refresh(form).status()).isEqualTo(503);
    sluice.audit.away = false;
    sluice.directory.away = true;
    assertThat(refresh(form).status()).isEqualTo(503);
    sluice.directory.away = false;
    clock.move(Duration.ofSeconds(11));
    assertThat(refresh(form).status()).as("long after the grace").isEqualTo(200);
    assertThat(sluice.audit.events).noneMatch(event -> event.action() == Action.TOKEN_REUSE);
  }

  private Answer refresh(String form) {
    return Elsewhere.form(sluice, "192.0.2.1", form);
  }

  @Test
  void of_one_key_sixty_tokens_a_minute_are_made_and_other_keys_do_not_feel_it() {
    String refresh = refreshToken(Minted.issue(sluice));
    for (int i = 1; i < 60; i++) {
      assertThat(Minted.issue(sluice).status()).isEqualTo(200);
    }
    Answer tooMany = Minted.issue(sluice);
    assertThat(tooMany.status()).isEqualTo(429);
    assertThat(tooMany.header("Retry-After")).isEqualTo("1");
    assertThat(tooMany.json().path("error").asText()).isEqualTo("temporarily_unavailable");
    assertThat(Minted.refresh(sluice, refresh).status()).isEqualTo(429);
    String other = sluice.key("other", Set.of("batch"));
    assertThat(Elsewhere.issue(sluice, "192.0.2.1", other).status()).isEqualTo(200);
    clock.move(Duration.ofSeconds(1));
    assertThat(Minted.refresh(sluice, refresh).status()).as("it was not spent").isEqualTo(200);
    assertThat(Minted.issue(sluice).status()).isEqualTo(429);
  }

  private static String refreshToken(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("refresh_token").asText();
  }
}
