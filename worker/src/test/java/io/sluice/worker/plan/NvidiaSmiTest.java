package io.sluice.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.worker.plan.Gpus.Look;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tool is a shell that says what the tool might. */
class NvidiaSmiTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void several_gpus_are_read_with_their_memory_and_load() {
    Look look =
        says(
            "0, NVIDIA GeForce RTX 4090, 24564, 9321, 87", "1, NVIDIA H100 80GB HBM3, 81559, 4, 0");

    assertThat(look)
        .isEqualTo(
            new Look.Found(
                List.of(
                    new GpuReading(
                        0,
                        new Gpu("NVIDIA GeForce RTX 4090", 24_564 * Bytes.MIB),
                        9_321 * Bytes.MIB,
                        OptionalInt.of(87)),
                    new GpuReading(
                        1,
                        new Gpu("NVIDIA H100 80GB HBM3", 81_559 * Bytes.MIB),
                        4 * Bytes.MIB,
                        OptionalInt.of(0)))));
  }

  @Test
  void a_card_need_not_tell_its_load() {
    assertThat(says("0, Tesla M60, 8129, [N/A], [Not Supported]"))
        .isInstanceOfSatisfying(
            Look.Found.class,
            found -> assertThat(found.readings().getFirst().loadPercent()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No devices were found",
        "0, NVIDIA GB10, [N/A], [N/A], 3",
        "0, RTX, 0, 0, 0",
        "0, RTX, -5, 0, 0",
        "0, RTX",
        "<html>",
        "",
        "0, RTX 4090, 24564, 1, 2\\nUnable to determine the device handle"
      })
  void garbage_is_no_gpu(String output) {
    assertThat(says(output)).isInstanceOf(Look.None.class);
  }

  @Test
  void a_tool_that_is_not_there_is_named() {
    assertThat(new NvidiaSmi(List.of("/nowhere/nvidia-smi"), LONG).look())
        .isEqualTo(new Look.None("/nowhere/nvidia-smi is not installed"));
  }

  @Test
  void a_tool_that_fails_says_why() {
    assertThat(shell("echo 'NVIDIA-SMI has failed'; exit 9", LONG))
        .isEqualTo(new Look.None("/bin/sh failed: NVIDIA-SMI has failed"));
  }

  @Test
  void a_tool_that_hangs_is_given_up() {
    assertThat(shell("sleep 600", Duration.ofMillis(50)))
        .isEqualTo(new Look.None("/bin/sh gave no answer within 50 ms"));
    assertThat(shell("exec >&-; exec sleep 600", Duration.ofMillis(200)))
        .isInstanceOf(Look.None.class);
  }

  @Test
  void output_without_end_is_cut_off() {
    assertThat(shell("while :; do echo 0, RTX, 1, 1, 1; done", Duration.ofSeconds(2)))
        .isInstanceOf(Look.None.class);
  }

  private static Look says(String... lines) {
    return shell("printf '%b\\n' '" + String.join("' '", lines) + "'", LONG);
  }

  private static Look shell(String script, Duration within) {
    return new NvidiaSmi(List.of("/bin/sh", "-c", script), within).look();
  }
}
