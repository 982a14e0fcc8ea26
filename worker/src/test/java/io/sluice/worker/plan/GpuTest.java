package io.sluice.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuTest {
  @Test
  void sizes_are_read_in_units_of_two_and_of_ten() {
    assertThat(Gpu.parse("24GiB").bytes()).isEqualTo(24 * Bytes.GIB);
    assertThat(Gpu.parse("24564mib").bytes()).isEqualTo(24_564 * Bytes.MIB);
    assertThat(Gpu.parse("80GB").bytes()).isEqualTo(80_000_000_000L);
    assertThat(Gpu.parse("11.5GiB").bytes()).isEqualTo(11 * Bytes.GIB + Bytes.GIB / 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"24", "", "GiB", "0GiB", "-1GiB", "24TiB", "24 GiB", "1e3GiB", "0.1MiB"})
  void what_is_no_size_is_refused(String text) {
    assertThatThrownBy(() -> Gpu.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("such as 24GiB");
  }
}
