package io.sluice.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ApiKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTermsTest {
  private static final ApiKey KEY = ApiKey.of("id", "acme", "ff", Set.of("batch"), Instant.EPOCH);

  @Test
  void a_key_is_bound_to_its_ranges_and_its_end() {
    KeyTerms terms =
        KeyTerms.parse(Optional.of(List.of("10.0.0.0/8", "::ffff:10.0.0.0/104", "::1")), "90d");
    ApiKey key = terms.bind(KEY);
    assertThat(key.ranges()).contains(List.of("10.0.0.0/8", "::1"));
    assertThat(key.expiresAt()).contains(Instant.EPOCH.plus(Duration.ofDays(90)));
  }

  @Test
  void without_a_list_it_works_anywhere_and_with_an_empty_one_nowhere() {
    assertThat(KeyTerms.parse(Optional.empty(), "never").bind(KEY)).isEqualTo(KEY);
    assertThat(KeyTerms.parse(Optional.of(List.of()), "never").bind(KEY).ranges())
        .contains(List.of());
  }

  @Test
  void everything_that_is_wrong_is_said_at_once() {
    assertThatThrownBy(
            () -> KeyTerms.parse(Optional.of(List.of("010.0.0.1", "127.1", "10.0.0.1")), "soon"))
        .hasMessageContaining("'010.0.0.1' is not a range")
        .hasMessageContaining("'127.1' is not a range")
        .hasMessageContaining("'soon' is neither a time");
  }

  @ParameterizedTest
  @CsvSource({"1s,1", "5m,300", "12h,43200", "3650d,315360000"})
  void a_life_has_a_unit(String text, long seconds) {
    assertThat(KeyTerms.parse(Optional.empty(), text).life()).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0d", "90", "3651d", "-1d", "1w", "Never", "9999999d", "1 d"})
  void what_is_no_life_within_ten_years_is_refused(String text) {
    assertThatThrownBy(() -> KeyTerms.parse(Optional.empty(), text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void a_key_has_a_bounded_number_of_ranges() {
    List<String> many = Collections.nCopies(101, "10.0.0.1");
    assertThatThrownBy(() -> KeyTerms.parse(Optional.of(many), "never"))
        .hasMessageContaining("at most 100");
  }
}
