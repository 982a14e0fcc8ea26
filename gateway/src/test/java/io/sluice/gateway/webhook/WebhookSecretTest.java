package io.sluice.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.gateway.token.MasterSecret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signatures by the specification, and who can read what they are made with. */
class WebhookSecretTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final MasterSecret MASTER =
      MasterSecret.of("c2x1aWNlIHRlc3RzIGhhdmUgYSBzZWNyZXQgb2YgMzIgYnl0ZXM=");

  private final SealedSecrets secrets = new SealedSecrets(MASTER);

  /** The example of the specification's own libraries. */
  @Test
  void the_signature_is_that_of_the_specification() {
    WebhookSecret secret =
        WebhookSecret.of(Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

    assertThat(
            secret.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330,
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void a_secret_is_shown_as_the_specification_says_and_never_by_itself() {
    WebhookSecret secret = WebhookSecret.random();

    assertThat(secret.text()).matches("whsec_[A-Za-z0-9+/]{43}=");
    assertThat(secret.toString()).doesNotContain(secret.text().substring(6));
    assertThat(WebhookSecret.random().text()).isNotEqualTo(secret.text());
  }

  private Tenant rotated(Tenant tenant, WebhookSecret secret, Instant at, Duration overlap) {
    return tenant.webhook(secrets.rotated(tenant.name(), tenant.webhook(), secret, at, overlap));
  }

  private List<String> open(Tenant tenant, Instant at) {
    return secrets.open(tenant, at).stream().map(WebhookSecret::text).toList();
  }

  @Test
  void after_a_rotation_both_sign_until_the_overlap_is_over() {
    WebhookSecret old = WebhookSecret.random();
    WebhookSecret next = WebhookSecret.random();
    Tenant one = rotated(new Tenant("acme", Limits.NONE), old, NOW, Duration.ZERO);
    Tenant both = rotated(one, next, NOW, Duration.ofHours(1));

    assertThat(open(one, NOW.plusSeconds(1_000_000))).containsExactly(old.text());
    assertThat(open(both, NOW)).containsExactly(next.text(), old.text());
    assertThat(open(both, NOW.plusSeconds(3_600))).containsExactly(next.text());
    assertThat(open(rotated(one, next, NOW, Duration.ZERO), NOW)).containsExactly(next.text());
  }

  @Test
  void a_rotation_lengthens_no_life_and_keeps_a_bounded_number() {
    Tenant tenant = new Tenant("acme", Limits.NONE);
    for (int n = 0; n < 9; n++) {
      tenant = rotated(tenant, WebhookSecret.random(), NOW, Duration.ofHours(1));
    }
    Tenant longer = rotated(tenant, WebhookSecret.random(), NOW, Duration.ofDays(7));

    assertThat(longer.webhook().secrets()).hasSize(4);
    assertThat(open(longer, NOW.plus(Duration.ofHours(2)))).hasSize(2);
  }

  @Test
  void a_secret_opens_for_nobody_else() {
    Tenant acme =
        rotated(new Tenant("acme", Limits.NONE), WebhookSecret.random(), NOW, Duration.ZERO);
    Tenant thief = new Tenant("thief", Limits.NONE).webhook(acme.webhook());
    SealedSecrets other =
        new SealedSecrets(
            MasterSecret.of(
                Base64.getEncoder()
                    .encodeToString(
                        "another secret of 32 bytes and more".getBytes(StandardCharsets.UTF_8))));

    assertThat(open(thief, NOW)).isEmpty();
    assertThat(other.open(acme, NOW)).isEmpty();
    assertThat(acme.toString()).doesNotContain(acme.webhook().secrets().getFirst().sealed());
  }
}
