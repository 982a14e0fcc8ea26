package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
  @Test
  void help_shows_every_command_and_every_exit_code() {
    Captured help = Captured.run(Map.of(), "--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out())
        .contains(
            "demo",
            "up",
            "gateway",
            "worker",
            "submit",
            "embed",
            "analyze",
            "batch",
            "watch",
            "cancel",
            "explain",
            "workers",
            "drain",
            "resume",
            "key",
            "bench",
            "engine-sim");
    for (Exit exit : Exit.values()) {
      assertThat(help.out()).contains("  " + exit.code() + " ");
    }
  }

  @Test
  void help_of_a_command_shows_its_settings_with_their_variables_and_defaults() {
    Captured help = Captured.run(Map.of(), "up", "--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out())
        .contains("--port=PORT", "SLUICE_PORT", "8080", "--engine=URL", "SLUICE_ENGINE_URL");
  }

  @Test
  void the_version_is_one_line() {
    Captured version = Captured.run(Map.of(), "--version");
    assertThat(version.exit()).isZero();
    assertThat(version.out().lines()).singleElement().asString().startsWith("sluice ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "submit",
        "submit a b",
        "embed",
        "embed a --dimensions many",
        "submit --port 1 a",
        "analyze",
        "analyze a --resume pipe_1",
        "analyze a --model m",
        "analyze /nowhere --task summarise --model m",
        "analyze a --task sing --model m",
        "analyze a --task question --model m",
        "analyze a --labels one --model m",
        "analyze a --schema /nowhere --model m",
        "analyze a --template /nowhere --model m",
        "analyze a --task summarise --model m --window 9d",
        "analyze a --task summarise --model m --report r.pdf",
        "analyze a --task summarise --model m --on-failed-part drop",
        "analyze --cancel job_1",
        "analyze --resume nonsense",
        "batch",
        "batch a --cancel batch_1",
        "batch a --window soon",
        "batch a --errors b",
        "batch --cancel pipe_1",
        "batch /nowhere",
        "watch nonsense",
        "cancel job_1",
        "explain job_1",
        "drain",
        "drain a/b",
        "drain w --within 2h",
        "drain w --within soon",
        "resume",
        "resume a/b",
        "key",
        "key create",
        "key create --tenant a/b",
        "key create --tenant a --scope all",
        "key nonsense",
        "up --port 70000",
        "up --port 1 --port 2",
        "up --model a/b/c",
        "gateway",
        "worker --amqp-url amqp://h --redis-url redis://h",
        "gateway --amqp-url amqp://h",
        "gateway --amqp-url http://h --redis-url redis://h --model m",
        "engine-sim --port 99999",
        "engine-sim --slots 0",
        "bench --jobs 0",
        "submit --class urgent --model m a",
        "submit --max-output-tokens many a"
      })
  void wrong_arguments_are_a_line_and_exit_code_2(String line) {
    Captured wrong = Captured.run(Map.of("SLUICE_DATA", "/nowhere"), line.split(" "));
    assertThat(wrong.exit()).as(wrong.err()).isEqualTo(Exit.USAGE.code());
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err()).startsWith("sluice: ").doesNotContain("Exception", "\tat ");
  }

  @Test
  void every_wrong_setting_gets_a_line() {
    Captured wrong =
        Captured.run(Map.of("SLUICE_PORT", "x", "SLUICE_SLOTS", "0", "SLUICE_MODLE", "m"), "up");
    assertThat(wrong.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(wrong.err().lines()).hasSize(3).allMatch(line -> line.startsWith("sluice: SLUICE_"));
  }

  @Test
  void without_a_command_the_usage_is_shown() {
    Captured nothing = Captured.run(Map.of());
    assertThat(nothing.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(nothing.err()).contains("sluice --help");
  }
}
