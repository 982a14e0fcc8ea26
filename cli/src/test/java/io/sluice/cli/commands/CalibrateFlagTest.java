package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.Captured;
import io.sluice.cli.settings.Calibrate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Other settings are refused before anything starts, together with it, which shows what was read.
 */
class CalibrateFlagTest {
  private static Captured up(String... calibrate) {
    List<String> all = new ArrayList<>(List.of("up", "--engine-kind", "openai"));
    all.addAll(List.of("--engine-api-key", "k", "--engine-api-key-file", "also"));
    all.addAll(List.of(calibrate));
    return Captured.run(Map.of(), all.toArray(String[]::new));
  }

  @Test
  void alone_it_means_yes() {
    assertThat(up("--calibrate").err()).contains("--calibrate: it is for --engine-kind ollama");
    assertThat(up("--calibrate", "yes").err()).contains("--calibrate: it is for --engine-kind");
  }

  @Test
  void it_may_be_said_otherwise() {
    assertThat(up("--calibrate", "no").err()).doesNotContain("--calibrate");
    assertThat(up().err()).doesNotContain("--calibrate");
    assertThat(up("--calibrate", "maybe").err()).contains("--calibrate: 'maybe' is none of");
  }

  @ParameterizedTest
  @CsvSource({"AUTO,true,false", "AUTO,false,true", "YES,true,true", "NO,false,false"})
  void by_itself_it_follows_whether_slots_were_given(
      Calibrate when, boolean given, boolean wanted) {
    assertThat(when.wanted(given)).isEqualTo(wanted);
  }
}
