package io.sluice.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.TokenKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterSecretTest {
  private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");
  private static final byte[] SECRET =
      "a tenant's own secret of 32 bytes".getBytes(StandardCharsets.US_ASCII);
  private static final MasterSecret MASTER = MasterSecret.of(base64(1));

  private static String base64(int seed) {
    byte[] bytes = new byte[32];
    new java.util.Random(seed).nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static TokenKey key(String kid, String tenant, Instant until, String sealed) {
    return new TokenKey(
        kid,
        TokenKey.Use.TENANT,
        "HS256",
        Optional.of(tenant),
        sealed,
        Optional.empty(),
        NOW,
        NOW,
        until,
        Optional.empty());
  }

  private static final TokenKey ACME =
      Binding.sealed(key("acme-1", "acme", NOW.plusSeconds(60), ""), MASTER, SECRET);

  private static Optional<byte[]> opened(TokenKey key) {
    return MASTER.open(Binding.of(key), key.sealed());
  }

  @Test
  void what_was_sealed_is_opened_as_it_was() {
    assertThat(opened(ACME)).hasValueSatisfying(secret -> assertThat(secret).isEqualTo(SECRET));
    assertThat(ACME.sealed()).doesNotContain("secret");
    assertThat(ACME.toString() + MASTER).doesNotContain(ACME.sealed());
  }

  @Test
  void a_key_that_was_moved_to_another_tenant_does_not_open() {
    assertThat(opened(key("acme-1", "bolt", NOW.plusSeconds(60), ACME.sealed()))).isEmpty();
  }

  @Test
  void a_key_that_was_renamed_or_lengthened_does_not_open() {
    assertThat(opened(key("acme-2", "acme", NOW.plusSeconds(60), ACME.sealed()))).isEmpty();
    assertThat(opened(key("acme-1", "acme", NOW.plusSeconds(61), ACME.sealed()))).isEmpty();
  }

  @Test
  void no_changed_character_opens() {
    String sealed = ACME.sealed();
    for (int i = 0; i < sealed.length() - 1; i++) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
      assertThat(MASTER.open(Binding.of(ACME), changed)).as("character %s", i).isEmpty();
    }
  }

  @Test
  void another_master_secret_opens_nothing() {
    assertThat(MasterSecret.of(base64(2)).open(Binding.of(ACME), ACME.sealed())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "c2hvcnQ=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
  void what_is_no_strong_secret_is_refused_without_being_repeated(String weak) {
    assertThatThrownBy(() -> MasterSecret.of(weak))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("master secret");
  }
}
