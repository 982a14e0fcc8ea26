package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.codec.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueTextTest {
  private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

  private static String text(String position, String p50, String p90) {
    return QueueText.of(
        Json.parse(
            "{\"position\":%s,\"work_ahead_tokens\":1,\"expected_start\":{\"p50\":%s,\"p90\":%s}}"
                .formatted(position, p50, p90)),
        NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12 | \"2026-05-04T10:00:40Z\" | \"2026-05-04T10:01:30Z\""
            + " | position 12, starts in about 40 s, at most 90 s (9 of 10)",
        "1234 | null | null | position 1,234",
        "1 | \"2026-05-04T09:59:00Z\" | null | position 1, starts in about 1 s",
        "1 | \"2026-05-04T10:03:01Z\" | null | position 1, starts in about 4 min",
        "1 | \"2026-05-04T15:00:00Z\" | null | position 1, starts in about 5 h",
        "null | \"2026-05-04T10:00:01Z\" | null | starts in about 1 s",
      })
  void what_is_known_is_said(String position, String p50, String p90, String text) {
    assertThat(text(position, p50, p90)).isEqualTo(text);
  }

  @Test
  void of_what_is_not_known_nothing_is_said() {
    assertThat(text("null", "null", "null")).isEmpty();
    assertThat(QueueText.of(Json.parse("{\"expected_start\":null}"), NOW)).isEmpty();
    assertThat(QueueText.sentence(Json.parse("{}"), NOW)).contains("not known yet");
  }
}
