package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ApiKey.LastUse;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When and from where a key last worked. */
class LastUseTest {
  private final TestClock clock = new TestClock();

  @Test
  void of_a_thousand_requests_at_most_two_are_written_down() {
    TestGateway sluice = open();
    try (sluice) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(Elsewhere.show(sluice, "192.0.2.1", sluice.key).status()).isEqualTo(200);
      }
    }
    assertThat(sluice.directory.usesWritten).isBetween(1, 2);
    assertThat(lastUse(sluice)).contains(new LastUse(clock.instant(), "192.0.2.1"));
  }

  @Test
  void a_use_within_the_minute_is_not_noted_and_one_after_it_is() {
    TestGateway sluice = open();
    Instant first = clock.instant();
    try (sluice) {
      Elsewhere.show(sluice, "192.0.2.1", sluice.key);
      clock.move(Duration.ofSeconds(59));
      Elsewhere.show(sluice, "192.0.2.2", sluice.key);
    }
    assertThat(lastUse(sluice)).contains(new LastUse(first, "192.0.2.1"));
    TestGateway longer = open();
    try (longer) {
      Elsewhere.show(longer, "192.0.2.1", longer.key);
      clock.move(Duration.ofSeconds(61));
      Elsewhere.show(longer, "192.0.2.3", longer.key);
    }
    assertThat(lastUse(longer)).contains(new LastUse(clock.instant(), "192.0.2.3"));
  }

  @Test
  void a_token_is_a_use_of_its_key_and_a_refusal_is_none() {
    TestGateway sluice = open();
    String bound = sluice.key(it -> it.from(List.of("10.0.0.0/8")));
    try (sluice) {
      Answer issued = Elsewhere.issue(sluice, "192.0.2.1", sluice.key);
      clock.move(Duration.ofSeconds(61));
      String token = issued.json().path("access_token").asText();
      assertThat(Elsewhere.show(sluice, "192.0.2.2", token).status()).isEqualTo(200);
      Elsewhere.show(sluice, "192.0.2.1", bound);
      Elsewhere.show(sluice, "10.0.0.1", Elsewhere.madeUp(Elsewhere.id(bound)));
    }
    assertThat(lastUse(sluice)).contains(new LastUse(clock.instant(), "192.0.2.2"));
    assertThat(Elsewhere.stored(sluice, bound).lastUse()).isEmpty();
  }

  private TestGateway open() {
    return new TestGateway(config -> Minted.configured(Elsewhere.trusting(config)), clock);
  }

  private static Optional<LastUse> lastUse(TestGateway sluice) {
    return Elsewhere.stored(sluice, sluice.key).lastUse();
  }
}
