package io.sluice.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ApiKey;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiKeysTest {
  private final ApiKeys.Generated made =
      ApiKeys.generate("default", Set.of("ollama:chat"), Instant.EPOCH);

  @Test
  void a_generated_key_is_read_back_and_matches_only_its_own_record() {
    ApiKeys.Presented presented = ApiKeys.parse(made.text()).orElseThrow();
    ApiKey other = ApiKeys.generate("default", Set.of(), Instant.EPOCH).key();
    assertThat(made.text()).matches("sk_[0-9A-Za-z]{61}");
    assertThat(presented.id()).isEqualTo(made.key().id());
    assertThat(ApiKeys.matches(presented, made.key())).isTrue();
    assertThat(ApiKeys.matches(presented, other)).isFalse();
  }

  @Test
  void one_changed_character_anywhere_is_refused_by_the_checksum() {
    for (int i = 3; i < made.text().length(); i++) {
      StringBuilder changed = new StringBuilder(made.text());
      changed.setCharAt(i, changed.charAt(i) == 'x' ? 'y' : 'x');
      assertThat(ApiKeys.parse(changed.toString())).as("character %d", i).isEmpty();
    }
  }

  @Test
  void what_is_no_key_is_refused() {
    assertThat(ApiKeys.parse("")).isEmpty();
    assertThat(ApiKeys.parse("sk_")).isEmpty();
    assertThat(ApiKeys.parse(made.text() + "0")).isEmpty();
    assertThat(ApiKeys.parse(made.text().replace("sk_", "SK_"))).isEmpty();
  }

  @Test
  void the_secret_is_in_no_text_form_of_a_record() {
    String secret = ApiKeys.parse(made.text()).orElseThrow().secret();
    assertThat(made.toString() + made.key() + ApiKeys.parse(made.text())).doesNotContain(secret);
  }
}
