package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are bound to addresses, and what is made from them. */
class KeyRangesTest {
  private final TestGateway sluice =
      new TestGateway(config -> Minted.configured(Elsewhere.trusting(config)));

  @AfterEach
  void close() {
    sluice.close();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0, 200",
    "10.0.0.0/8, 10.255.255.255, 200",
    "10.0.0.0/8, ::ffff:10.0.0.1, 200",
    "10.0.0.0/8, 9.255.255.255, 403",
    "10.0.0.0/8, 11.0.0.0, 403",
    "10.0.0.0/8, ::10.0.0.1, 403",
    "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff, 200",
    "2001:db8::/64, 2001:db8:0:1::, 403",
    "::/0, 10.0.0.1, 403",
    "192.0.2.1, 192.0.2.1, 200",
    "192.0.2.1, 192.0.2.0, 403"
  })
  void a_key_works_from_its_ranges_only(String range, String address, int status) {
    String key = sluice.key(it -> it.from(List.of(range)));
    assertThat(Elsewhere.show(sluice, address, key).status()).isEqualTo(status);
  }

  @Test
  void no_list_is_anywhere_and_an_empty_one_is_nowhere() {
    String anywhere = sluice.key(it -> it);
    String nowhere = sluice.key(it -> it.from(List.of()));
    assertThat(Elsewhere.show(sluice, "192.0.2.1", anywhere).status()).isEqualTo(200);
    assertThat(Elsewhere.show(sluice, "192.0.2.1", nowhere).status()).isEqualTo(403);
    assertThat(Elsewhere.show(sluice, "127.0.0.1", nowhere).status()).isEqualTo(403);
  }

  @Test
  void a_range_that_the_store_has_and_nobody_can_read_is_nowhere() {
    String key = sluice.key(it -> it.from(List.of("010.0.0.1", "10.0.0.2")));
    assertThat(Elsewhere.show(sluice, "8.0.0.1", key).status()).isEqualTo(403);
    assertThat(Elsewhere.show(sluice, "10.0.0.1", key).status()).isEqualTo(403);
    assertThat(Elsewhere.show(sluice, "10.0.0.2", key).status()).isEqualTo(200);
  }

  @Test
  void the_refusal_gives_no_hint_and_is_in_the_audit_log() {
    String key = sluice.key(it -> it.from(List.of("10.0.0.0/8")));
    Answer answer = Elsewhere.show(sluice, "192.0.2.1", key);
    assertThat(answer.code()).isEqualTo("forbidden");
    assertThat(answer.body()).doesNotContainIgnoringCase("address").doesNotContain("10.0.0.0");
    assertThat(answer.header("WWW-Authenticate")).isEmpty();
    AuditEvent event = sluice.audit.events.getLast();
    assertThat(event.action()).isEqualTo(Action.AUTHENTICATE);
    assertThat(event.principal()).contains(Elsewhere.id(key));
    assertThat(event.address()).contains("192.0.2.1");
    assertThat(event.details()).containsEntry("cause", "range").containsEntry("times", "1");
  }

  @Test
  void a_token_works_from_where_its_key_works() {
    String key = sluice.key(it -> it.from(List.of("10.0.0.0/8")));
    String token = accessToken(Elsewhere.issue(sluice, "10.0.0.1", key));
    assertThat(Elsewhere.show(sluice, "10.0.0.2", token).status()).isEqualTo(200);
    assertThat(Elsewhere.show(sluice, "192.0.2.1", token).status()).isEqualTo(403);
    assertThat(sluice.audit.events.getLast().details()).containsEntry("cause", "range");
    assertThat(sluice.audit.events.getLast().principal()).contains(Elsewhere.id(key));
    assertThat(Elsewhere.show(sluice, "10.0.0.2", token).status()).isEqualTo(200);
  }

  @Test
  void from_elsewhere_a_key_buys_no_token_and_refreshes_none() {
    String key = sluice.key(it -> it.from(List.of("10.0.0.0/8")));
    Answer elsewhere = Elsewhere.issue(sluice, "192.0.2.1", key);
    assertThat(elsewhere.status()).isEqualTo(401);
    assertThat(elsewhere.body()).isEqualTo(Elsewhere.issue(sluice, "192.0.2.1", "nonsense").body());
    String refresh = Elsewhere.issue(sluice, "10.0.0.1", key).json().path("refresh_token").asText();
    String form = "grant_type=refresh_token&refresh_token=" + refresh;
    Answer stolen = Elsewhere.form(sluice, "192.0.2.1", form);
    assertThat(stolen.status()).isEqualTo(400);
    assertThat(stolen.json().path("error").asText()).isEqualTo("invalid_grant");
    assertThat(Elsewhere.form(sluice, "10.0.0.1", form).status())
        .as("the honest retry within 10 s")
        .isEqualTo(200);
  }

  @Test
  void a_key_that_has_expired_does_not_work() {
    String key = sluice.key(it -> it.until(Instant.now().minusSeconds(1)));
    assertThat(Elsewhere.show(sluice, "10.0.0.1", key).status()).isEqualTo(401);
    assertThat(sluice.audit.events.getLast().details()).containsEntry("cause", "expired");
  }

  @Test
  void a_revoked_key_from_elsewhere_reads_as_revoked() {
    String key = sluice.key(it -> it.from(List.of("10.0.0.0/8")));
    await(sluice.directory.revoke(Elsewhere.id(key), Instant.now()));
    assertThat(Elsewhere.show(sluice, "192.0.2.1", key).status()).isEqualTo(401);
  }

  private static String accessToken(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("access_token").asText();
  }
}
